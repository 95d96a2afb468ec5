/** The text of a name where its value is meant: an error in an endpoint that nothing hides, a warning elsewhere. */
import { describe, expect, test } from "vitest";
import { compileText } from "../../../compiler/compile.ts";
import { findings, listing } from "./listing.ts";

const settings = "connection_config:\n  - { key: date, label: Date }\n  - { key: team, label: Team }\n";
const inHeader = (text: string): Promise<readonly unknown[]> =>
  findings(listing(`endpoint: "/{date}/{team}"\nheaders: { X-Sum: "${text}" }`, settings));
const inEndpoint = (text: string): string => listing(`endpoint: "/{date}/{team}/${text}"`, settings);

describe("a bare argument", () => {
  test("is told where it is a name and not in quotes", async () => {
    expect(await inHeader("{base64(team)}")).toEqual([
      { rule: "template/bare-argument", severity: "warning", at: "team" },
    ]);
  });

  test.each(["{base64('team')}", "{hex(hmac_sha256({team}, 'team'))}", "{base64( 'team' )}"])(
    "%s is the word itself",
    async (text) => {
      expect(await inHeader(text)).toEqual([]);
    },
  );

  test("formats of `now` are words of the language, whatever is declared", async () => {
    expect(await inHeader("{now(date)}")).toEqual([]);
  });
});

describe("in an endpoint", () => {
  test.each([
    ["{{team}}", "{{team}}"],
    ["${team}", "${team}"],
    ["{lower(team)}", "team"],
  ])("%s is an error", async (text, at) => {
    expect(await findings(inEndpoint(text))).toEqual([{ rule: "url/literal-name", severity: "error", at }]);
  });

  test("no comment lets the literal text into the URL", async () => {
    const ignored = inEndpoint("{{team}}").replace(
      "    endpoint:",
      "    # connector-ignore url/literal-name: meant so\n    endpoint:",
    );
    const { connectors, diagnostics } = await compileText(ignored);
    expect(diagnostics.map(({ rule }) => rule)).toEqual(["ignore/blocking", "url/literal-name"]);
    expect(connectors).toEqual([]);
  });
});
