/** What one mistake makes of a body, a header, a URL or a chain, said once and with what helps there. */
import { describe, expect, test } from "vitest";
import { compileText } from "../../../compiler/compile.ts";
import { chained, findings, listing, messages } from "./listing.ts";

const rules = async (text: string): Promise<readonly string[]> =>
  (await compileText(text)).diagnostics.map(({ rule, severity }) => `${severity} ${rule}`);
const helps = async (text: string): Promise<readonly (string | undefined)[]> =>
  (await compileText(text)).diagnostics.map(({ help }) => help);

describe("a body", () => {
  const body = (rest: string): string => listing(`endpoint: /tickets\nmethod: POST\n${rest}`);

  test("in which a parameter stands between doubled braces", async () => {
    const text = body('parameters: [{ name: a, location: body }]\nbody: { a: "{{a}}" }');
    expect(await rules(text)).toEqual(["warning template/mustache"]);
  });

  test("with two parameters of one wire name", async () => {
    const text = body("parameters: [{ name: a, location: body }, { name: b, location: body, wire_name: a }]");
    expect(await rules(text)).toEqual(["error parameter/body-conflict"]);
  });

  test("with two parameters of one name", async () => {
    const text = body("parameters: [{ name: a, location: body }, { name: a, location: body }]");
    expect(await rules(text)).toEqual(["error parameter/duplicate-name"]);
  });
});

describe("a header's text", () => {
  const header = (text: string): string => listing(`endpoint: /tickets\nheaders: { X-Note: "${text}" }`);

  test.each(["naïve", "a\\tb", "{url('→')}"])("%s can be sent", async (text) => {
    expect(await findings(header(text))).toEqual([]);
  });

  test.each(["a → b", "“a”", "🙂 {base64('x')}"])("%s cannot", async (text) => {
    expect(await findings(header(text))).toEqual([
      { rule: "header/invalid-value", severity: "error", at: `"${text}"` },
    ]);
  });
});

test.each([
  ["integer", "number"],
  ["number", "integer"],
  ["date", "string"],
])("a field_type %s goes with a schema of type %s", async (type, schema) => {
  const text = listing(
    `endpoint: /tickets\nparameters: [{ name: a, location: query, field_type: ${type}, schema: { type: ${schema} } }]`,
  );
  expect(await findings(text)).toEqual([]);
});

test.each([
  ["https://{team}.example.com/x", "format: subdomain"],
  ["https://{team}/x", "format: hostname"],
  ["https://h.example.com:{team}/x", "field_type: integer"],
])("an undeclared setting of %s is declared with %s", async (endpoint, bounds) => {
  const text = listing(`endpoint: "${endpoint}"`);
  const told = (await compileText(text)).diagnostics.find(({ rule }) => rule === "setting/implied");
  const entry = (told?.help ?? "").split("\n").slice(1).join("\n");
  expect(entry).toContain(bounds);
  expect(await rules(`${text}${entry}\n`)).not.toContain("warning setting/implied");
});

test("a path that looks like a host may be one", async () => {
  expect(await helps(listing("endpoint: socket.io/"))).toEqual([
    "Write https://socket.io, or a slash before it if it is a path.",
  ]);
});

test("two slashes at the beginning lack their scheme", async () => {
  expect(await rules(listing("endpoint: //api.example.com/x"))).toEqual(["error url/scheme"]);
});

test("a step that uses what its own answer brings", async () => {
  const text = chained(
    '- step_name: one\n  endpoint: /one\n  headers: { X: "{token}" }\n  extract: { token: "$.token" }\n',
  );
  expect(await messages(text)).toContain("`token` is extracted from the answer to this very step.");
});

test("a dot in a name that an author gives to an agent", async () => {
  const text = listing(
    "endpoint: /tickets\nparameters: [{ name: a, location: query }]",
    "mcp_config:\n  enabled: true\n  server_name: s\n  server_description: d\n  route_mappings:\n    - { operation_id: list_tickets, mcp_tool_name: t, mcp_tool_description: d, parameter_mappings: { a: b.c } }\n",
  );
  expect(await findings(text)).toEqual([{ rule: "mcp/tool-name", severity: "warning", at: "b.c" }]);
});

test("more schema files than a descriptor may bring", async () => {
  const names = Array.from({ length: 1001 }, (_, index) => `s${index}: { $ref: "./${index}.json" }`);
  const text = listing("endpoint: /tickets", `schemas:\n  ${names.join("\n  ")}\n`);
  const host = { readText: () => Promise.resolve({ text: "{}" }) };
  const { diagnostics } = await compileText(text, { host });
  expect(diagnostics.map(({ rule, message }) => `${rule} ${message}`)).toEqual([
    "schema/file This descriptor refers to more than 1000 schema files, those that they refer to included.",
  ]);
});

test.each(["headers: { X-A: {date} }", "query: { a: {date} }"])(
  "a hole without quotes in %s is put in quotes",
  async (lines) => {
    const text = listing(`endpoint: /tickets\n${lines}`);
    const [told] = (await compileText(text)).diagnostics;
    expect(told).toMatchObject({
      rule: "structure/wrong-type",
      help: 'Put the hole in quotes: "{date}".',
      fix: { title: "Put {date} in quotes", edits: [{ text: '"{date}"' }] },
    });
  },
);

test.each([
  ['"1"', '`language_version` is a number, and "1" in quotes is a text.'],
  ["", "`language_version` has no value; known: 1."],
  ["2", "`language_version` cannot be `2`; known: 1."],
])("language_version: %s", async (value, message) => {
  const text = `language_version: ${value}\n${listing("endpoint: /tickets")}`;
  expect(await rules(text)).toEqual(["error structure/language-version"]);
  expect(await messages(text)).toEqual([message]);
});

test.each(["2026-13-45", "2026-02-30", "26-01-01"])("a default %s is no date", async (value) => {
  const parameter = `{ name: a, location: query, field_type: date, default_value: "${value}" }`;
  expect(await rules(listing(`endpoint: /tickets\nparameters: [${parameter}]`))).toEqual([
    "error parameter/default-mismatch",
  ]);
});
