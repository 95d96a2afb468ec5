import { describe, expect, test } from "vitest";
import { compileText } from "../../../compiler/compile.ts";
import { findings, listing, messages } from "./listing.ts";

const operation = (schema: string, path: string): string =>
  `endpoint: /tickets\nresponse: { records_path: "${path}" }\nresponse_schema: ${schema}`;

const tell = async (schema: string, path: string, schemas = ""): Promise<string[]> =>
  (await findings(listing(operation(schema, path), schemas && `schemas:\n${schemas}`))).map(
    ({ rule, severity }) => `${severity} ${rule}`,
  );

const warned = ["warning response/unknown-path"];
const refused = ["error response/unknown-path"];

describe("a path is held against what the schema declares", () => {
  test.each([
    ["a name that is declared", "{ type: object, properties: { data: { type: array } } }", "$.data"],
    ["a map that says nothing", "{ type: object }", "$.data"],
    ["a schema that says nothing", "true", "$.data"],
    ["a map that is open by intent", "{ properties: { a: {} }, additionalProperties: true }", "$.data"],
    ["a map of anything of one kind", "{ additionalProperties: { type: array } }", "$.data"],
    ["a map with names by pattern", '{ properties: { a: {} }, patternProperties: { "^d": {} } }', "$.data"],
    ["a nullable map", "{ type: [object, 'null'], properties: { data: { type: array } } }", "$.data"],
    [
      "one branch that has it",
      "{ oneOf: [{ properties: { data: {} } }, { properties: { error: {} } }] }",
      "$.data",
    ],
    ["a part of an allOf", "{ allOf: [{ properties: { a: {} } }, { properties: { data: {} } }] }", "$.data"],
    [
      "a condition that may declare it",
      "{ properties: { a: {} }, if: {}, then: { properties: { data: {} } } }",
      "$.data",
    ],
    [
      "a part that is declared where all is sealed",
      "{ allOf: [{ properties: { data: {} } }], unevaluatedProperties: false }",
      "$.data",
    ],
    ["the first of a tuple", "{ type: array, prefixItems: [{ properties: { data: {} } }] }", "$[0].data"],
    [
      "an element counted from the end of a tuple",
      "{ type: array, prefixItems: [{ properties: { a: {} } }] }",
      "$[-1].data",
    ],
    ["what lies behind a filter", "{ properties: { data: { type: array } } }", "$.data[?@.open == true].x"],
    ["a reference that leads nowhere known", "{ $ref: 'https://example.com/other.json' }", "$.data"],
    ["a value of any type", "{ properties: { data: {} } }", "$.data.items"],
  ])("%s: nothing to find", async (_, schema, path) => {
    // A remote reference is a finding of another rule.
    const told = await tell(schema, path);
    expect(told.filter((text) => !text.endsWith("schema/remote-reference"))).toEqual([]);
  });

  test.each([
    ["a slip", "{ type: object, properties: { tickets: {}, next: {} } }", "$.tickts"],
    ["another name", "{ type: object, properties: { tickets: {} } }", "$.data"],
    ["a level that was left out", "{ properties: { data: { properties: { items: {} } } } }", "$.items"],
    ["a name in a list's elements", "{ type: array, items: { properties: { data: {} } } }", "$[*].datum"],
    ["no part of an allOf", "{ allOf: [{ properties: { a: {} } }, { properties: { b: {} } }] }", "$.data"],
    ["no branch", "{ anyOf: [{ properties: { a: {} } }, { properties: { b: {} } }] }", "$.data"],
    ["what lies before a filter", "{ properties: { data: { type: array } } }", "$.dta[?@.open == true]"],
    ["a name in quotes", "{ properties: { '@odata.next': {} } }", "$['@odata.nxt']"],
  ])("%s: a warning", async (_, schema, path) => {
    expect(await tell(schema, path)).toEqual(warned);
  });

  test.each([
    ["a closed map", "{ type: object, properties: { a: {} }, additionalProperties: false }", "$.data"],
    [
      "a closed map among others",
      "{ allOf: [{ properties: { data: {} } }, { additionalProperties: false }] }",
      "$.data",
    ],
    ["a sealed map", "{ allOf: [{ properties: { a: {} } }], unevaluatedProperties: false }", "$.data"],
    ["a property that is refused", "{ properties: { data: false } }", "$.data"],
    ["a name in a list", "{ type: array, items: { type: object } }", "$.data"],
    ["an index of a map", "{ type: object }", "$[0]"],
    ["a name in a text", "{ properties: { data: { type: string } } }", "$.data.items"],
    ["no branch that admits it", "{ anyOf: [{ type: array }, { type: 'null' }] }", "$.data"],
    ["a place behind the end of a tuple", "{ type: array, prefixItems: [{}], items: false }", "$[1]"],
  ])("%s: an error", async (_, schema, path) => {
    expect(await tell(schema, path)).toEqual(refused);
  });
});

describe("references are followed", () => {
  const shared =
    "  Page: { type: object, additionalProperties: false, properties: { tickets: { type: array } } }\n";

  test("to shared schemas", async () => {
    expect(await tell('{ $ref: "#/schemas/Page" }', "$.tickets", shared)).toEqual([]);
    expect(await tell('{ $ref: "#/schemas/Page" }', "$.data", shared)).toEqual(refused);
  });

  test("into shared schemas", async () => {
    const nested = "  All: { $defs: { Page: { type: object, properties: { tickets: {} } } } }\n";
    expect(await tell('{ $ref: "#/schemas/All/$defs/Page" }', "$.tickts", nested)).toEqual(warned);
  });

  test("within the schema itself", async () => {
    const own = (path: string): Promise<string[]> =>
      tell('{ $defs: { Page: { type: object, properties: { tickets: {} } } }, $ref: "#/$defs/Page" }', path);
    expect(await own("$.tickets")).toEqual([]);
    expect(await own("$.tickts")).toEqual(warned);
  });

  test("round and round, no further than the path goes", async () => {
    const tree = "  Node: { type: object, properties: { name: {}, child: { $ref: '#/schemas/Node' } } }\n";
    expect(await tell('{ $ref: "#/schemas/Node" }', "$.child.child.child.name", tree)).toEqual([]);
    expect(await tell('{ $ref: "#/schemas/Node" }', "$.child.child.nme", tree)).toEqual(warned);
  });

  test("that only lead to themselves say nothing", async () => {
    const loop =
      "  A: { allOf: [{ $ref: '#/schemas/B' }] }\n  B: { anyOf: [{ $ref: '#/schemas/A' }, { type: array }] }\n";
    expect(await tell('{ $ref: "#/schemas/A" }', "$.data", loop)).toEqual([]);
  });
});

describe("the work is bounded", () => {
  const branches = (count: number, of: string): string =>
    Array.from({ length: count }, (_, index) => of.replaceAll("#", String(index))).join(", ");

  test("where alternatives multiply", async () => {
    const one = `{ anyOf: [${branches(30, "{ properties: { a#: {} } }")}] }`;
    expect(await tell(`{ allOf: [${Array.from({ length: 30 }, () => one).join(", ")}] }`, "$.data")).toEqual(
      [],
    );
  });

  test("where a schema is recursive and wide", async () => {
    const wide = `  T: { type: object, properties: { ${branches(
      50,
      "p#: { anyOf: [{ $ref: '#/schemas/T' }, { type: 'null' }] }",
    )
      .replaceAll("'0/schemas", "'#/schemas")
      .replace(/'\d+\/schemas/g, "'#/schemas")} } }\n`;
    expect(
      await tell('{ $ref: "#/schemas/T" }', `$.${Array(60).fill("p1").join(".")}.q`, wide),
    ).not.toContain("error response/unknown-path");
  });

  test("where references form a long chain", async () => {
    const chain = Array.from(
      { length: 3000 },
      (_, index) => `  S${index}: { $ref: "#/schemas/S${index + 1}" }\n`,
    ).join("");
    expect(await tell('{ $ref: "#/schemas/S0" }', "$.data", `${chain}  S3000: { type: array }\n`)).toEqual(
      [],
    );
  });
});

test("the message says what is missing, and the near name stands in the path", async () => {
  const schema = "{ type: object, properties: { tickets: { type: array }, next: {} } }";
  const text = listing(operation(schema, "$.tickts"));
  expect(await messages(text)).toEqual(["`$.tickts`: the `response_schema` declares no `tickts` there."]);
  const { diagnostics } = await compileText(text);
  expect(diagnostics.map(({ suggestion, help }) => [suggestion?.text, help])).toEqual([
    [`"$.tickets"`, "Did you mean `$.tickets`?"],
  ]);
});
