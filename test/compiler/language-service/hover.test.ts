import { describe, expect, it } from "vitest";
import { hoverAt } from "../../../compiler/language-service/hover.ts";
import { analyzed, deskWith } from "./support.ts";

async function hover(source: string, page?: string): Promise<string | undefined> {
  const { analysis, offset } = await analyzed(source);
  return hoverAt(analysis, offset, () => page)?.markdown;
}

describe("hover", () => {
  it("describes a field: type, default, choices", async () => {
    const text = await hover(deskWith("method: GET", "met‸hod: GET"));
    expect(text).toContain("**`method`**: one of a list, optional, default `GET`");
    expect(text).toContain("Accepted: `GET`, `HEAD`");
  });

  it("describes the field of the kind that `type` names", async () => {
    expect(await hover(deskWith("cursor_param: cursor", "cursor‸_param: cursor"))).toContain(
      "`cursor_param`",
    );
  });

  it.each([
    [
      "{ticket_id}",
      "{ticket‸_id}",
      "Parameter `ticket_id` of the operation `get_ticket`.",
      "Not secret. Its value is percent-encoded into one path segment",
    ],
    [
      "{session_id}",
      "{session‸_id}",
      "Extract `session_id` of the step `session`.",
      "Secret. Its value is put into the header as it is",
    ],
    [
      '"{username}"',
      '"{user‸name}"',
      "Credential field `username` of the profile `login`.",
      "Secret. Its value is written as JSON",
    ],
    [
      'base_url: "https://{region}',
      'base_url: "https://{reg‸ion}',
      "Connection setting `region`.",
      "Not secret. Its value is one label of the host name",
    ],
  ])("says what %s is and how it is encoded", async (there, here, what, how) => {
    const text = await hover(deskWith(there, here));
    expect(text).toContain(what);
    expect(text).toContain(how);
  });

  it("says what a function gives", async () => {
    expect(await hover(deskWith("{base64(", "{base‸64("))).toBe(
      "`base64(value)`\n\nBase64 of the UTF-8 text, or of bytes.",
    );
  });

  it("says what a JSONPath selects", async () => {
    const text = await hover(deskWith('"$.tickets"', '"$.tick‸ets[*].id"'));
    expect(text).toContain(
      "selects every value, from the root:\n\n1. the member `tickets`\n2. every element of the list",
    );
  });

  it("shows the page of a rule at its finding", async () => {
    const text = await hover(
      deskWith("auth_type_ref: oauth2_client_credentials", "auth_type_ref: nob‸ody"),
      "Mend the name.",
    );
    expect(text).toContain("**reference/unknown-profile**");
    expect(text).toContain("Mend the name.");
  });

  it("shows text of the descriptor as text: no link, no HTML, no control character", async () => {
    const hostile =
      'description: "[click](https://evil.example) <img src=x> `code` \\u202e **bold**"\n    chain_id: login_chain';
    const source = deskWith("chain_id: login_chain\n    description: Session, then token.", hostile);
    const text = await hover(
      source.replace("credential_chain_id: login_chain", "credential_chain_id: login‸_chain"),
    );
    expect(text).toContain("\\[click\\]\\(https\\:");
    expect(text).toContain("\\<img");
    expect(text).not.toContain("\u202e");
  });
});
