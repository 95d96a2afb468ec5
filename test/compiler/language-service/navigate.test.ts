import { describe, expect, it } from "vitest";
import { foldsOf } from "../../../compiler/language-service/folding.ts";
import { fileLinks } from "../../../compiler/language-service/links.ts";
import { definitionsAt, referencesAt } from "../../../compiler/language-service/navigate.ts";
import { type OutlineItem, outlineOf } from "../../../compiler/language-service/outline.ts";
import { signatureAt } from "../../../compiler/language-service/signature.ts";
import { analyzed, deskWith, marked } from "./support.ts";

/** The lines on which a name is declared. */
async function definitions(source: string): Promise<readonly string[]> {
  const { text, offset, analysis } = await analyzed(source);
  return definitionsAt(analysis, offset).map(({ span }) => lineAt(text, span.start));
}

function lineAt(text: string, offset: number): string {
  return text.slice(text.lastIndexOf("\n", offset) + 1, text.indexOf("\n", offset)).trim();
}

describe("going to a definition", () => {
  it.each([
    ["a profile", "[api_key, login]", "[api_key, lo‸gin]", ["- profile_id: login"]],
    ["a profile by its type", "[api_key, login]", "[api‸_key, login]", ["- type: api_key"]],
    [
      "a chain",
      "credential_chain_id: login_chain",
      "credential_chain_id: login‸_chain",
      ["- chain_id: login_chain"],
    ],
    ["an extract", "final_credential_name: access", "final_credential_name: acc‸ess", ['access: "$.token"']],
    ["a setting in a URL", 'base_url: "https://{region}', 'base_url: "https://{reg‸ion}', ["- key: region"]],
    ["a parameter in a mapping", "status: state", "sta‸tus: state", ["- name: status"]],
    ["a schema", '{ $ref: "#/schemas/Ticket" } }', '{ $ref: "#/schemas/Tic‸ket" } }', ["Ticket:"]],
    [
      "an operation of a tool",
      "operation_id: create_ticket\n      mcp",
      "operation_id: create‸_ticket\n      mcp",
      ["- operation_id: create_ticket"],
    ],
  ])("finds %s", async (_what, there, here, expected) => {
    expect(await definitions(deskWith(there, here))).toEqual(expected);
  });

  it("leads from the token in use to the profile that obtains it", async () => {
    const source = deskWith(
      "    cost: 2\n",
      '    headers: { X-Copy: "{access‸_token}" }\n'.replace("headers", "query"),
    );
    expect(await definitions(source)).toEqual(["- type: oauth2_client_credentials"]);
  });
});

describe("finding references", () => {
  it("finds every place that writes a name, the declaration among them if wanted", async () => {
    const { text, offset, analysis } = await analyzed(deskWith("key: region", "key: reg‸ion"));
    const lines = (all: boolean): readonly string[] =>
      referencesAt(analysis, offset, all).map(({ span }) => lineAt(text, span.start));
    expect(lines(true)).toHaveLength(3);
    expect(lines(false)).toEqual([
      'base_url: "https://{region}.desk.example.com/api"',
      'token_url: "https://{region}.desk.example.com/oauth/token"',
    ]);
  });
});

describe("the shape of a document", () => {
  it("is outlined by its sections and the names in them", async () => {
    const { analysis } = await analyzed(deskWith("key: region", "key: region‸"));
    const operations = outlineOf(analysis).find(({ name }) => name === "operations");
    const show = ({ name, detail, children }: OutlineItem): unknown => [
      name,
      detail,
      children.map((one) => one.name),
    ];
    expect(operations?.children.map(show)).toEqual([
      ["list_tickets", "/tickets", ["status", "page_size", "trace"]],
      ["get_ticket", "GET /tickets/{ticket_id}", ["ticket_id"]],
      ["create_ticket", "POST /tickets", ["subject", "priority"]],
    ]);
  });

  it("folds maps and lists of several lines, from the line of their key", async () => {
    const { analysis } = await analyzed("metadata:\n  name: A‸\n  slug: a\nauthentication: []\n");
    expect(foldsOf(analysis)).toEqual([{ start: 0, end: 2 }]);
  });

  it("has links to schema files", async () => {
    const { text, analysis } = await analyzed(
      deskWith('{ $ref: "#/schemas/Ticket" } }', '{ $ref: "./ticket.json#/$defs/T‸" } }'),
    );
    expect(fileLinks(analysis).map(({ span, file }) => [text.slice(span.start, span.end), file])).toEqual([
      ["./ticket.json#/$defs/T", "./ticket.json"],
    ]);
  });
});

describe("signature help", () => {
  it("tells the argument that is being written, in a template that does not parse", () => {
    const { text, offset } = marked('  sign: "{hex(hmac_sha256({key}, ‸');
    expect(signatureAt(text, offset)).toMatchObject({ usage: "hmac_sha256(key, value)", active: 1 });
  });

  it("says nothing of a parenthesis in prose", () => {
    const { text, offset } = marked("description: the default (see ‸");
    expect(signatureAt(text, offset)).toBeUndefined();
  });
});
