import { describe, expect, it } from "vitest";
import { child, nodeAt, toValue } from "../../../compiler/read/tree.ts";
import { database, everyAddedField, everyCoreField } from "../../schema/whole-descriptors.ts";
import { judge } from "./findings.ts";

const metadata = `metadata: { name: Notes, slug: notes, description: "Notes of a workspace.", publisher: Acme }\n`;
const auth = `authentication:\n  - type: bearer\n`;
const operations = `operations:\n  - operation_id: list\n    endpoint: /notes\n    summary: List\n    auth_type_ref: bearer\n`;
const whole = metadata + auth + operations;

/** What a text's findings are: rule, the source that the span covers, and a part of the message. */
type Expected = readonly [rule: string, shown: string, message: string];

function expectFindings(text: string, expected: readonly Expected[]): void {
  const { found } = judge(text);
  expect(found.map(({ rule, shown }) => [rule, shown])).toEqual(
    expected.map(([rule, shown]) => [rule, shown]),
  );
  for (const [index, [, , message]] of expected.entries())
    expect(found[index]?.finding.message).toContain(message);
}

describe("what is right", () => {
  it.each([
    ["every field of the core", everyCoreField],
    ["every added field", everyAddedField],
    ["a database without operations", database],
    ["x- keys at any level", `${whole}    x-owner: me\nx-team: { pagination: 1 }\n`],
    ["author-chosen names that look like keys", `${whole}    headers: { pagination: a, toString: b }\n`],
    [
      "JSON",
      JSON.stringify({
        metadata: { name: "Notes", slug: "notes", description: "Notes of us.", publisher: "Us" },
        authentication: [{ type: "none" }],
        database_config: {},
      }),
    ],
  ])("%s: no finding, and the tree as it was", (_name, text) => {
    expectFindings(text, []);
    expect(judge(text).judged.broken.size).toBe(0);
  });
});

describe("keys", () => {
  it.each<[string, string, readonly Expected[]]>([
    [
      "a misspelt section",
      whole.replace("operations:", "operatons:"),
      [["structure/unknown-key", "operatons", "did you mean `operations`"]],
    ],
    [
      "a misspelt required key, which is not missing as well",
      whole.replace("summary:", "sumary:"),
      [["structure/unknown-key", "sumary", "`summary`"]],
    ],
    [
      "camelCase",
      whole.replace("operation_id:", "operationId:"),
      [["structure/unknown-key", "operationId", "`operation_id`"]],
    ],
    [
      "another specification's word",
      `${whole}    parameters: [{ name: a, in: query }]\n`,
      [["structure/unknown-key", "in", "`location`"]],
    ],
    [
      "a part of a required key",
      whole.replace("auth_type_ref:", "auth_type:"),
      [["structure/unknown-key", "auth_type", "`auth_type_ref`"]],
    ],
    [
      "a strange key for the only missing one",
      whole.replace("endpoint:", "address:"),
      [["structure/unknown-key", "address", "`endpoint`"]],
    ],
    [
      "a quoted key",
      whole.replace("summary:", '"sumary":'),
      [["structure/unknown-key", '"sumary"', "`summary`"]],
    ],
    [
      "a key that nobody knows",
      `${whole}    zebra: 1\n`,
      [["structure/unknown-key", "zebra", "no key of the operation"]],
    ],
    [
      "a twin of a given key",
      `${whole}    sumary: Again\n`,
      [["structure/unknown-key", "sumary", "`summary` is already given"]],
    ],
    [
      "a key two levels too high",
      `${whole}pagination: { type: page }\n`,
      [["structure/misplaced-key", "pagination", "belongs under the operation"]],
    ],
    [
      "a key one level too high",
      whole.replace(
        "  - type: bearer\n",
        "  - type: bearer\n    url: https://x.example.com\n    test_endpoint: { method: GET }\n",
      ),
      [["structure/misplaced-key", "url", "the test endpoint"]],
    ],
    [
      "a key one level too low",
      `${whole}    response: { pagination: { type: page } }\n`,
      [["structure/misplaced-key", "pagination", "belongs under the operation"]],
    ],
    [
      "settings of OAuth beside it, which is then not missing",
      `${metadata}authentication:\n  - type: oauth2_client_credentials\n    token_url: https://x.example.com\n${operations.replace("bearer", "oauth2_client_credentials")}`,
      [["structure/misplaced-key", "token_url", "the OAuth settings"]],
    ],
    [
      "a key of another kind of pagination",
      `${whole}    pagination: { type: offset, page_param: p }\n`,
      [["structure/unknown-key", "page_param", "only where `type` is `page`"]],
    ],
    [
      "a key of another kind of profile",
      whole.replace("type: bearer", "type: bearer\n    oauth1: {}"),
      [["structure/unknown-key", "oauth1", "only where `type` is `oauth1`"]],
    ],
    [
      "a reserved section",
      `${whole}streams: []\n`,
      [["structure/reserved-section", "streams", "not supported by this version"]],
    ],
    [
      "missing keys of one map, in one finding at its key",
      `metadata: { name: Notes, slug: notes }\n${auth}${operations}`,
      [["structure/missing-key", "metadata", "lacks `description` and `publisher`"]],
    ],
    [
      "a missing key of a list item, at its first key",
      whole.replace("    summary: List\n", ""),
      [["structure/missing-key", "operation_id", "lacks `summary`"]],
    ],
    [
      "a missing section, at the very start",
      metadata + operations,
      [["structure/missing-key", "", "lacks `authentication`"]],
    ],
    [
      "neither operations nor a database",
      metadata + auth,
      [["structure/missing-key", "", "lacks `operations`"]],
    ],
    [
      "a missing type of a profile",
      `${metadata}authentication:\n  - description: x\n${operations}`,
      [["structure/missing-key", "description", "lacks `type`"]],
    ],
    [
      "OAuth without its settings",
      `${metadata}authentication:\n  - type: oauth2_authorization_code\n${operations}`,
      [["structure/missing-key", "type", "lacks `oauth`"]],
    ],
    [
      "a matcher's misspelt key",
      `${whole}    errors: [{ when: { staus: 400 }, action: fail }]\n`,
      [["structure/unknown-key", "staus", "`status`"]],
    ],
    [
      "an extract of two sources' names",
      `${whole}credential_chains: [{ description: C, initial_credentials_required: [], steps: [{ step_name: s, endpoint: /s, extract: { a: { headr: X } } }], final_credential_name: a }]\n`,
      [["structure/unknown-key", "headr", "`header`"]],
    ],
  ])("%s", (_name, text, expected) => expectFindings(text, expected));
});

describe("values", () => {
  const param = (rest: string): string => `${whole}    parameters: [{ name: a, location: query, ${rest} }]\n`;
  it.each<[string, string, readonly Expected[]]>([
    [
      "a misspelt type of a profile",
      whole.replace(
        "type: bearer",
        "type: oauth2_client_credential\n    oauth: { token_url: https://x.example.com }",
      ),
      [["structure/not-allowed", "oauth2_client_credential", "accepted: `api_key`"]],
    ],
    [
      "a type that is no text",
      whole.replace("type: bearer", "type: 5"),
      [["structure/wrong-type", "5", "must be text"]],
    ],
    [
      "a method in lower case",
      `${whole}    method: get\n`,
      [["structure/not-allowed", "get", "accepted: `GET`"]],
    ],
    [
      "an unknown type of pagination",
      `${whole}    pagination: { type: scroll, size: 1 }\n`,
      [
        ["structure/unknown-key", "size", ""],
        ["structure/not-allowed", "scroll", "`cursor`"],
      ],
    ],
    [
      "a map for a list",
      whole.replace("type: bearer", "type: bearer\n    fields: { email: { label: E } }"),
      [["structure/wrong-type", "{ email: { label: E } }", "must be a list, but is a map"]],
    ],
    [
      "a list for a map",
      `${whole}    headers: [a, b]\n`,
      [["structure/wrong-type", "[a, b]", "must be a map, but is a list"]],
    ],
    ["one word for a list", `${whole}    tags: read\n`, [["structure/wrong-type", "read", "must be a list"]]],
    [
      "a number for a text",
      `${whole}    capability: 5\n`,
      [["structure/wrong-type", "5", "must be text, but is the number `5`"]],
    ],
    [
      "a version that YAML reads as a number",
      whole.replace("slug: notes", "slug: notes, version: 1.0"),
      [["structure/wrong-type", "1.0", 'such as "1.2.0"']],
    ],
    [
      "a version of two parts",
      whole.replace("slug: notes", 'slug: notes, version: "1.0"'),
      [["structure/pattern", '"1.0"', "three parts"]],
    ],
    [
      "a number in quotes",
      `${whole}    timeout_ms: "50"\n`,
      [["structure/wrong-type", '"50"', "must be a whole number"]],
    ],
    [
      "a fraction for a whole number",
      `${whole}    timeout_ms: 1.5\n`,
      [["structure/wrong-type", "1.5", "must be a whole number"]],
    ],
    ["yes for a boolean", param("required: yes"), [["structure/wrong-type", "yes", "`true` or `false`"]]],
    [
      "a section without a value",
      `${metadata + auth}operations:\n`,
      [["structure/wrong-type", "operations", "has no value; it must be a list"]],
    ],
    ["a key without a value", `${whole}    tags:\n`, [["structure/wrong-type", "tags", "has no value"]]],
    [
      "a null for a text",
      `${whole}    capability: null\n`,
      [["structure/wrong-type", "null", "has no value; it must be text"]],
    ],
    [
      "a section of text",
      `metadata: hello\n${auth}${operations}`,
      [["structure/wrong-type", "hello", "must be a map"]],
    ],
    [
      "no operation",
      `${metadata + auth}operations: []\n`,
      [["structure/length", "[]", "at least 1 entry, but is empty"]],
    ],
    [
      "no profile",
      `${metadata}authentication: []\n${operations}`,
      [["structure/length", "[]", "at least 1 entry"]],
    ],
    [
      "a short name",
      whole.replace("name: Notes", "name: No"),
      [["structure/length", "No", "at least 3 characters, but has 2"]],
    ],
    [
      "a long summary",
      whole.replace("summary: List", `summary: ${"x".repeat(201)}`),
      [["structure/length", "x".repeat(201), "at most 200 characters, but has 201"]],
    ],
    ["characters, not UTF-16 units", whole.replace("summary: List", `summary: ${"😀".repeat(200)}`), []],
    [
      "a slug with capitals",
      whole.replace("slug: notes", "slug: My_Notes"),
      [["structure/pattern", "My_Notes", "lower-case letters"]],
    ],
    [
      "an operation id with a hyphen",
      whole.replace("operation_id: list", "operation_id: list-notes"),
      [["structure/pattern", "list-notes", "underscores"]],
    ],
    [
      "a source of a credential's life that is none",
      `${whole}credential_chains: [{ description: C, initial_credentials_required: [], steps: [{ step_name: s, endpoint: /s, ttl_from: expiry, extract: { a: $.a } }], final_credential_name: a }]\n`,
      [["structure/pattern", "expiry", "`jwt_exp`"]],
    ],
    [
      "a limit of nothing",
      `${whole}rate_limits: [{ scope: per_user, limit: 0, interval_seconds: 1 }]\n`,
      [["structure/range", "0", "at least 1"]],
    ],
    [
      "a window of nothing",
      `${whole}rate_limits: [{ scope: per_user, limit: 1, interval_seconds: 0 }]\n`,
      [["structure/range", "0", "more than 0"]],
    ],
    [
      "a percentage past 100",
      `${whole}sla: { availability_percentage: 999 }\n`,
      [["structure/range", "999", "at most 100"]],
    ],
    [
      "an unknown category",
      whole.replace("slug: notes", "slug: notes, categories: [crm]"),
      [["structure/not-allowed", "crm", "`saas`"]],
    ],
    [
      "two sources of one extract",
      `${whole}credential_chains: [{ description: C, initial_credentials_required: [], steps: [{ step_name: s, endpoint: /s, extract: { a: { header: X, cookie: y } } }], final_credential_name: a }]\n`,
      [["structure/length", "{ header: X, cookie: y }", "at most 1 key, but has 2"]],
    ],
    [
      "a header that is a list",
      `${whole}    headers: { a: [1] }\n`,
      [["structure/wrong-type", "[1]", "text, a number or `true` or `false`"]],
    ],
    [
      "an unknown language version",
      `language_version: 2\n${whole}`,
      [["structure/language-version", "2", "known: 1"]],
    ],
    [
      "a document that is a list",
      "- a\n",
      [["structure/wrong-type", "", "must be a map, but this document is a list"]],
    ],
  ])("%s", (_name, text, expected) => expectFindings(text, expected));

  it.each([
    ["yes", param("required: yes"), "true"],
    ["a word for a list", `${whole}    tags: read\n`, "[read]"],
    ["a number for a text", `${whole}    capability: 5\n`, '"5"'],
    ["a quoted number", `${whole}    timeout_ms: "50"\n`, "50"],
    ["a quoted choice", `${whole}    method: "get"\n`, '"GET"'],
    ["a quoted key", whole.replace("summary:", '"sumary":'), '"summary"'],
    [
      "a version, for which nothing is certain",
      whole.replace("slug: notes", "slug: notes, version: 1.0"),
      undefined,
    ],
    ["a choice that could be two", whole.replace("type: bearer", "type: oauth2"), undefined],
  ])("offers the mended text of %s", (_name, text, replace) => {
    expect(judge(text).found[0]?.finding.replace).toBe(replace);
  });
});

describe("embedded schemas", () => {
  const schema = (text: string): string => `${whole}    response_schema: ${text}\n`;
  it.each<[string, string, readonly Expected[]]>([
    ["an unknown type", schema("{ type: strng }"), [["schema/invalid", "strng", "`string`"]]],
    ["an unknown type in a list", schema("{ type: [string, nul] }"), [["schema/invalid", "nul", "`null`"]]],
    [
      "a required that is no list, deep inside",
      schema("{ properties: { a: { items: { required: true } } } }"),
      [["schema/invalid", "true", "must be a list"]],
    ],
    [
      "a property that is no schema",
      schema("{ properties: { a: text } }"),
      [["schema/invalid", "text", "must be a map or `true` or `false`"]],
    ],
    ["a negative length", schema("{ minLength: -1 }"), [["schema/invalid", "-1", "at least 0"]]],
    [
      "a keyword of OpenAPI 3.0",
      schema("{ type: string, nullable: true }"),
      [["schema/unknown-keyword", "nullable", "no effect"]],
    ],
    [
      "a misspelt keyword in a definition",
      schema("{ definitions: { a: { requird: [] } } }"),
      [["schema/unknown-keyword", "requird", "no keyword"]],
    ],
    ["text for a schema", schema("text"), [["structure/wrong-type", "text", "must be a map"]]],
    ["a shared schema", `${whole}schemas: { Note: { type: 5 } }\n`, [["schema/invalid", "5", "cannot be"]]],
    [
      "a parameter's schema",
      `${whole}    parameters: [{ name: a, location: query, schema: { enum: 1 } }]\n`,
      [["schema/invalid", "1", "must be a list"]],
    ],
    [
      "properties whose names are keywords of ours, or of JavaScript",
      schema("{ properties: { pagination: {}, constructor: {}, __proto__: {} }, x-a: 1 }"),
      [],
    ],
  ])("%s", (_name, text, expected) => expectFindings(text, expected));
});

describe("the tree that goes on", () => {
  it("has misspelt keys under the intended name, at their own place in the text", () => {
    const { judged } = judge(whole.replace("operations:", "operatons:").replace("summary:", "sumary:"));
    expect(toValue(nodeAt(judged.root, ["operations", 0, "summary"]) ?? judged.root)).toBe("List");
  });

  it("reports what stands below a misspelt key under the path that the author wrote", () => {
    const { found, judged } = judge(
      whole.replace("operations:", "operatons:").replace("summary: List", "summary: 5"),
    );
    expect(found.map(({ finding }) => finding.path)).toEqual([["operatons"], ["operatons", 0, "summary"]]);
    expect([...judged.broken]).toEqual(["/operations/0/summary"]);
  });

  it("has misplaced keys where they belong, one level up or down", () => {
    const down = judge(`slug: notes\n${whole.replace("slug: notes, ", "")}`).judged.root;
    expect(toValue(nodeAt(down, ["metadata", "slug"]) ?? down)).toBe("notes");
    const up = judge(`${whole}    response: { pagination: { type: page } }\n`).judged.root;
    expect(toValue(nodeAt(up, ["operations", 0, "pagination"]) ?? up)).toEqual({ type: "page" });
  });

  it("takes keys that lost their indentation into the section that has none", () => {
    const text = `metadata:\nname: Notes\nslug: notes\ndescription: Notes of a workspace.\npublisher: Acme\n${auth}${operations}`;
    const { found, judged } = judge(text);
    expect(found.map(({ rule, shown }) => [rule, shown])).toEqual([["structure/wrong-type", "metadata"]]);
    expect(toValue(child(judged.root, "metadata") ?? judged.root)).toMatchObject({
      slug: "notes",
      publisher: "Acme",
    });
  });

  it("has no unknown keys and no reserved sections", () => {
    const { judged } = judge(`${whole}    zebra: 1\nstreams: []\n`);
    expect(nodeAt(judged.root, ["operations", 0, "zebra"])).toBeUndefined();
    expect(child(judged.root, "streams")).toBeUndefined();
  });

  it("has the choice that was meant, and calls it broken", () => {
    const { judged } = judge(`${whole}    method: get\n`);
    expect(toValue(nodeAt(judged.root, ["operations", 0, "method"]) ?? judged.root)).toBe("GET");
    expect(judged.broken.has("/operations/0/method")).toBe(true);
  });

  it("calls required keys broken that are missing", () => {
    expect([...judge(whole.replace("    summary: List\n", "")).judged.broken]).toEqual([
      "/operations/0/summary",
    ]);
  });
});
