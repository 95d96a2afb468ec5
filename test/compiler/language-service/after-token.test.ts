/** Names of the calls after a token, for editors: as those of a chain. */
import { describe, expect, it } from "vitest";
import { analyze } from "../../../compiler/language-service/analysis.ts";
import { hoverAt } from "../../../compiler/language-service/hover.ts";
import { definitionsAt, referencesAt } from "../../../compiler/language-service/navigate.ts";
import { outlineOf } from "../../../compiler/language-service/outline.ts";
import { apply, rename } from "../../../compiler/language-service/rename.ts";
import { analyzed, labels } from "./support.ts";

const text = `metadata: { name: Desk, slug: desk, description: Tickets of a help desk., publisher: Example }
base_url: https://desk.example.com
authentication:
  - type: oauth2_authorization_code
    profile_id: login
    auth_headers: { Authorization: "Bearer {access_token}", X-Account: "{account}" }
    oauth:
      authorize_url: https://desk.example.com/authorize
      token_url: https://desk.example.com/token
      extract: { site: "$.site" }
      after_token:
        - step_name: long
          endpoint: /exchange
          body: { short: "{access_token}", at: "{oauth.site}" }
          extract: { access_token: "$.token", life: "$.life" }
          ttl_from: { kind: expires_in, extract: life }
        - step_name: who
          method: GET
          endpoint: /accounts
          headers: { Authorization: "Bearer {chain.long.access_token}" }
          extract: { account: "$[0].id" }
        - step_name: sites
          endpoint: "/accounts/{account}/sites"
          body: { id: "{chain.who.account}" }
          extract: { site: "$[0].id" }
operations:
  - { operation_id: op, endpoint: "/accounts/{oauth.account}/{oauth.site}", summary: One, auth_type_ref: login }
`;

/** The descriptor with the cursor in one text, which stands once. */
function withCursor(there: string, here: string): string {
  if (text.split(there).length !== 2) throw new Error(`"${there}" does not stand once`);
  return text.replace(there, () => here);
}

const lineAt = (all: string, offset: number): string =>
  all.slice(all.lastIndexOf("\n", offset) + 1, all.indexOf("\n", offset)).trim();

async function renamed(source: string, name: string): Promise<readonly string[] | string> {
  const { text: all, offset, analysis } = await analyzed(source);
  const edits = await rename(analysis, offset, name, {});
  if ("refused" in edits) return edits.refused;
  const after = apply(all, edits);
  expect((await analyze(after)).diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  const before = new Set(all.split("\n"));
  return after
    .split("\n")
    .filter((line) => !before.has(line))
    .map((line) => line.trim());
}

it("is a descriptor without an error", async () => {
  const { diagnostics } = await analyze(text);
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
});

describe("going to a definition", () => {
  it.each([
    [
      "from a later call",
      "/accounts/{account}/sites",
      "/accounts/{acc‸ount}/sites",
      'extract: { account: "$[0].id" }',
    ],
    ["from an operation", "{oauth.account}", "{oauth.acc‸ount}", 'extract: { account: "$[0].id" }'],
    [
      "from a placement",
      'X-Account: "{account}"',
      'X-Account: "{acc‸ount}"',
      'extract: { account: "$[0].id" }',
    ],
    ["of a call", "{chain.who.account}", "{chain.wh‸o.account}", "- step_name: who"],
    [
      "of a life",
      "extract: life }",
      "extract: li‸fe }",
      'extract: { access_token: "$.token", life: "$.life" }',
    ],
    ["of what the last call gives", "/{oauth.site}", "/{oauth.si‸te}", 'extract: { site: "$[0].id" }'],
    [
      "of what the token call gave",
      'at: "{oauth.site}"',
      'at: "{oauth.si‸te}"',
      'extract: { site: "$.site" }',
    ],
  ])("finds an extract or a call %s", async (_what, there, here, expected) => {
    const { text: all, offset, analysis } = await analyzed(withCursor(there, here));
    expect(definitionsAt(analysis, offset).map(({ span }) => lineAt(all, span.start))).toEqual([expected]);
  });
});

it("finds every use of an extract", async () => {
  const { offset, analysis } = await analyzed(withCursor("extract: { account:", "extract: { acc‸ount:"));
  expect(referencesAt(analysis, offset, true)).toHaveLength(5);
});

it("says what a name is", async () => {
  const { offset, analysis } = await analyzed(withCursor("{oauth.account}", "{oauth.acc‸ount}"));
  expect(hoverAt(analysis, offset, () => undefined)?.markdown).toContain(
    "Extract `account` of the step `who`.",
  );
});

describe("renaming", () => {
  it("an extract reaches later calls, placements and operations", async () => {
    expect(await renamed(withCursor("{oauth.account}", "{oauth.acc‸ount}"), "company")).toEqual([
      'auth_headers: { Authorization: "Bearer {access_token}", X-Account: "{company}" }',
      'extract: { company: "$[0].id" }',
      'endpoint: "/accounts/{company}/sites"',
      'body: { id: "{chain.who.company}" }',
      '- { operation_id: op, endpoint: "/accounts/{oauth.company}/{oauth.site}", summary: One, auth_type_ref: login }',
    ]);
  });

  it("a call reaches what names it", async () => {
    expect(await renamed(withCursor("step_name: who", "step_name: wh‸o"), "me")).toEqual([
      "- step_name: me",
      'body: { id: "{chain.me.account}" }',
    ]);
  });

  it("leaves a token its name", async () => {
    const source = withCursor("{chain.long.access_token}", "{chain.long.access‸_token}");
    expect(await renamed(source, "token")).toContain("has a meaning of its own");
  });
});

it("offers the extracts of a call for its life", async () => {
  const offered = await labels(withCursor("extract: life }", "extract: ‸ }"));
  expect(offered.slice(0, 2)).toEqual(["access_token", "life"]);
});

it("shows the calls in the outline", async () => {
  const [profile] =
    outlineOf(await analyze(text)).find(({ name }) => name === "authentication")?.children ?? [];
  expect(profile?.children.map(({ name }) => name)).toEqual(["long", "who", "sites"]);
});
