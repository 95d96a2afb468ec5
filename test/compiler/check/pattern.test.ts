/** Patterns that the engine of the runtime cannot run, told when they are written. */
import { describe, expect, test } from "vitest";
import { isPlain } from "../../../compiler/lower/patterns.ts";
import { compilePattern } from "../../../schema/language/pattern-engine.ts";
import { findings, listing, messages } from "./listing.ts";

const setting = (pattern: string): string =>
  listing(
    'endpoint: "/tickets/{team}"',
    `connection_config:\n  - { key: team, label: Team, pattern: '${pattern}' }\n`,
  );
const schema = (pattern: string): string =>
  listing(
    `endpoint: /tickets\nresponse_schema: { type: object, properties: { id: { type: string, pattern: '${pattern}' } } }`,
  );
const unsupported = [
  ["[a-z]{1,2000}", "it repeats something more than 1000 times"],
  ["(?:[a-z]{1,100}){1,20}", "it repeats something more than 1000 times"],
  ["(?!x)[a-z]+", "it looks ahead or behind"],
  ["(a)\\1", "it refers back to a group"],
  ["\\p{scx=Greek}", "the engine does not know `\\p{scx=Greek}`"],
] as const;

describe("beyond a linear-time engine", () => {
  test.each(unsupported)("%s bounds no setting", async (pattern, why) => {
    expect(await findings(setting(pattern))).toEqual([
      { rule: "setting/pattern", severity: "error", at: `'${pattern}'` },
    ]);
    expect(await messages(setting(pattern))).toEqual([`This pattern cannot be run in linear time: ${why}.`]);
  });

  test.each(unsupported)("%s is not checked in a schema", async (pattern) => {
    expect(await findings(schema(pattern))).toEqual([
      { rule: "schema/pattern", severity: "warning", at: `'${pattern}'` },
    ]);
  });
});

test.each(["[a-z]{1,1000}", "\\p{L}+", "(?<year>[0-9]{4})", "[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"])(
  "%s is run, and nothing is said",
  async (pattern) => {
    expect(await findings(setting(pattern))).toEqual([]);
    expect(await findings(schema(pattern))).toEqual([]);
  },
);

test("a condition on an answer is judged, a header that is called `matches` is not", async () => {
  const rule = (inner: string): string => listing(`endpoint: /tickets\n${inner}`);
  const when = 'errors: [{ when: { json: { path: "$.code", matches: "(?=a)" } }, action: fail }]';
  expect(await findings(rule(when))).toEqual([
    { rule: "schema/pattern", severity: "warning", at: '"(?=a)"' },
  ]);
  expect(
    await findings(listing("endpoint: /tickets", 'defaults: { headers: { matches: "(?=a)" } }')),
  ).toEqual([]);
});

test("what is called plain is run by the engine", () => {
  const plain = [
    "^[a-z]{2,3}$",
    "a|b",
    "(?:x|y)+?",
    "[^/?#]+",
    "\\d{3}-\\w*",
    "[\\w.-]+@x\\.y",
    "a{1,1000}",
    "[a-]",
  ];
  expect(plain.filter((pattern) => !isPlain(pattern))).toEqual([]);
  expect(plain.filter((pattern) => "problem" in compilePattern(pattern, "search"))).toEqual([]);
  expect(["a{1001}", "(?:a{100}){11}", "(?=a)", "\\p{L}", "[a-\\d]", "[^]"].filter(isPlain)).toEqual([]);
});
