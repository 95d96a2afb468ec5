import { describe, expect, it } from "vitest";
import { analyze } from "../../../compiler/language-service/analysis.ts";
import { apply, rename } from "../../../compiler/language-service/rename.ts";
import { analyzed, desk, deskWith } from "./support.ts";

/** The lines that differ after renaming what stands at the cursor. */
async function renamed(source: string, name: string): Promise<readonly string[] | string> {
  const { text, offset, analysis } = await analyzed(source);
  const edits = await rename(analysis, offset, name, {});
  if ("refused" in edits) return edits.refused;
  const after = apply(text, edits);
  const { diagnostics } = await analyze(after);
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  const before = new Set(text.split("\n"));
  return after
    .split("\n")
    .filter((line) => !before.has(line))
    .map((line) => line.trim());
}

describe("renaming", () => {
  it.each([
    [
      "an operation",
      "operation_id: list_tickets\n    endpoint",
      "operation_id: li‸st_tickets\n    endpoint",
      "find_tickets",
      ["- operation_id: find_tickets", "- operation_id: find_tickets"],
    ],
    [
      "a profile from a reference",
      "[api_key, login]",
      "[api_key, lo‸gin]",
      "sign-in",
      ["- profile_id: sign-in", "auth_type_ref: [api_key, sign-in]"],
    ],
    [
      "a chain",
      "chain_id: login_chain\n    desc",
      "chain_id: login‸_chain\n    desc",
      "two steps",
      ['credential_chain_id: "two steps"', '- chain_id: "two steps"'],
    ],
    [
      "an extract from a template",
      "{session_id}",
      "{session‸_id}",
      "sid",
      ['sid: "$.session.id"', 'X-Session: "{sid}"'],
    ],
    [
      "a credential field",
      "key: email",
      "key: em‸ail",
      "mail",
      ["- key: mail", 'Authorization: "Basic {base64({mail}:{api_key})}"'],
    ],
    [
      "a field that a chain brings",
      "[username, password]",
      "[user‸name, password]",
      "account",
      ["initial_credentials_required: [account, password]", 'user: "{account}"'],
    ],
    ["a path parameter", "{ticket_id}", "{ticket‸_id}", "id", ['endpoint: "/tickets/{id}"', "- name: id"]],
    [
      "a setting",
      "key: region",
      "key: reg‸ion",
      "area",
      [
        'base_url: "https://{area}.desk.example.com/api"',
        "- key: area",
        'token_url: "https://{area}.desk.example.com/oauth/token"',
      ],
    ],
    [
      "a limit",
      "rate_limit_scope: reads",
      "rate_limit_scope: rea‸ds",
      "lookups",
      ["rate_limit_scope: lookups", "- name: lookups"],
    ],
    [
      "a shared schema",
      "  Ticket:\n",
      "  Tick‸et:\n",
      "Case",
      [
        "Case:",
        'tickets: { type: array, items: { $ref: "#/schemas/Case" } }',
        'response_schema: { $ref: "#/schemas/Case" }',
      ],
    ],
    [
      "a scope",
      "default_scopes: [read]",
      "default_scopes: [re‸ad]",
      "read:all",
      ['scopes: ["read:all", write]', 'default_scopes: ["read:all"]'],
    ],
  ])("follows %s everywhere", async (_what, there, here, name, expected) => {
    expect(await renamed(deskWith(there, here), name)).toEqual(expected);
  });

  it("keeps the name that a parameter has on the wire", async () => {
    expect(await renamed(deskWith("name: status", "name: sta‸tus"), "phase")).toEqual([
      "- name: phase",
      "wire_name: status",
      "phase: state",
    ]);
    expect(await renamed(deskWith("name: page_size", "name: page‸_size"), "size")).toEqual([
      "- name: size",
      "limit_param: size",
    ]);
  });

  it("follows qualified names, names of steps and texts of several lines", async () => {
    const body =
      'X-Session: "{session_id}"\n        body: |\n          first {session_id}\n          then {chain.session.session_id}\n        content_type: text';
    const source = deskWith('X-Session: "{session_id}"', body);
    expect(await renamed(source.replace("session_id: ", "session‸_id: "), "sid")).toEqual([
      'sid: "$.session.id"',
      'X-Session: "{sid}"',
      "first {sid}",
      "then {chain.session.sid}",
    ]);
    expect(await renamed(source.replace("step_name: session", "step_name: ses‸sion"), "opening")).toEqual([
      "- step_name: opening",
      "then {chain.opening.session_id}",
    ]);
  });

  it("writes the wire name of a parameter that operations share by an alias once", async () => {
    const source = deskWith(
      "      - name: ticket_id\n",
      "      - &part\n        name: pa‸rt\n        location: query\n      - name: ticket_id\n",
    ).replace("      - name: subject\n", "      - *part\n      - name: subject\n");
    expect(await renamed(source, "piece")).toEqual(["name: piece", "wire_name: part"]);
  });

  it("follows a name into a text of several lines with escapes", async () => {
    const body =
      'headers:\n          X-Session: "{session_id}"\n        content_type: text\n        body: "a\\tb \\\n          \\u00e9 \\"{session_id}\\"\n\n          {session_id}"';
    const source = deskWith('headers:\n          X-Session: "{session_id}"', body);
    expect(await renamed(source.replace("session_id: ", "session‸_id: "), "sid")).toEqual([
      'sid: "$.session.id"',
      'X-Session: "{sid}"',
      '\\u00e9 \\"{sid}\\"',
      '{sid}"',
    ]);
  });

  it.each([
    ["kept lines", "|\n          a {session_id}\n            b {session_id} c", ["a {sid}", "b {sid} c"]],
    ["kept lines with an indent said", "|2-\n            a {session_id}", ["a {sid}"]],
    [
      "folded lines",
      ">-\n          a\n          {session_id}\n\n          b {session_id}",
      ["{sid}", "b {sid}"],
    ],
    ["single quotes", "'a ''b''\n          {session_id} ''c'' {session_id}'", ["{sid} ''c'' {sid}'"]],
    ["double quotes", '"a\n          {session_id}"', ['{sid}"']],
    ["plain lines", "a\n          {session_id} b", ["{sid} b"]],
    ["carriage returns", "|\r\n          a {session_id}\r\n          b", ["a {sid}"]],
  ])("follows a name over several lines: %s", async (_how, body, expected) => {
    const source = deskWith(
      'X-Session: "{session_id}"',
      `X-Session: "{session_id}"\n        content_type: text\n        body: ${body}`,
    );
    expect(await renamed(source.replace("session_id: ", "session‸_id: "), "sid")).toEqual([
      'sid: "$.session.id"',
      'X-Session: "{sid}"',
      ...expected,
    ]);
  });

  it("keeps quotes", async () => {
    const source = deskWith("rate_limit_scope: reads", "rate_limit_scope: 're‸ads'").replace(
      "name: reads",
      'name: "reads"',
    );
    expect(await renamed(source, "the author's")).toEqual([
      "rate_limit_scope: 'the author''s'",
      '- name: "the author\'s"',
    ]);
  });

  it("renames fields of two profiles together where one hole means both", async () => {
    const text = `metadata: { name: Desk, slug: desk, description: Tickets of a desk., publisher: Us }
authentication:
  - { profile_id: one, type: api_key, fields: [{ key: k‸ey, label: Key, secret: true }] }
  - { profile_id: two, type: api_key, fields: [{ key: key, label: Key, secret: true }] }
operations:
  - operation_id: list
    endpoint: https://desk.example.com/
    summary: List
    auth_type_ref: [one, two]
    auth_headers: { X-Key: "{key}" }
`;
    expect(await renamed(text, "secret")).toHaveLength(3);
  });

  it.each([
    [
      "a name that is taken",
      "operation_id: get_ticket",
      "operation_id: get‸_ticket",
      "list_tickets",
      "There is already an operation `list_tickets`.",
    ],
    [
      "a name that is none",
      "operation_id: get_ticket",
      "operation_id: get‸_ticket",
      "Get",
      "`Get` is no name of an operation: it takes lower-case letters, digits and `_`.",
    ],
    [
      "a name with a template in it",
      "key: email",
      "key: em‸ail",
      "a}b",
      "`a}b` is no name of a credential field: it takes a letter or `_`, then letters, digits, `_` and `-`.",
    ],
    [
      "a name that JavaScript has",
      "key: email",
      "key: em‸ail",
      "__proto__",
      "`__proto__` cannot be used as a name.",
    ],
    [
      "a name that already means something else",
      "key: email",
      "key: em‸ail",
      "region",
      "`region` already means something else where `email` is used.",
    ],
    [
      "a profile that has no name",
      "auth_type_ref: oauth2_client_credentials",
      "auth_type_ref: oauth2‸_client_credentials",
      "x",
      "`oauth2_client_credentials` is implied, not declared: declare it under a name of its own first.",
    ],
    [
      "an extract that the language looks for",
      "expires_in: ",
      "expires‸_in: ",
      "life",
      "`expires_in` has a meaning of its own as the name of an extract, and would lose it.",
    ],
    [
      "a place without a name",
      "summary: List tickets",
      "summary: List tic‸kets",
      "x",
      "There is no name here that can be changed.",
    ],
  ])("refuses %s", async (_what, there, here, name, sentence) => {
    expect(await renamed(deskWith(there, here), name)).toBe(sentence);
  });

  it("refuses while the text does not parse", async () => {
    expect(await renamed(`${desk.replace("key: region", "key: reg‸ion")}\n  - [`, "x")).toMatch(
      /syntax error/,
    );
  });
});
