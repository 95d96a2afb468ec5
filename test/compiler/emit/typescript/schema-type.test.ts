import { describe, expect, it } from "vitest";
import { emitTypeScript } from "../../../../compiler/emit/typescript/index.ts";
import type { JsonSchema } from "../../../../schema/ir.ts";
import { connector, operation, parameter } from "../support/ir.ts";
import { declarationOf, fileOf, typeErrors } from "../support/type-check.ts";

/** `types.ts` for a connector of one operation, which must compile. */
async function typesFor(
  schema: JsonSchema,
  schemas: Readonly<Record<string, JsonSchema>> = {},
): Promise<string> {
  const read = operation("read", { schema });
  const write = operation("write", {
    parameters: [parameter("value", { type: "json", required: true, schema })],
  });
  const files = await emitTypeScript(connector({ schemas, operations: [read, write] }));
  expect(typeErrors(files)).toEqual([]);
  return fileOf(files, "types.ts");
}

async function requestType(schema: JsonSchema): Promise<string> {
  return declarationOf(await typesFor(schema), "WriteParams").match(/value: ([\s\S]*);\n\}$/)?.[1] ?? "none";
}

const cases: readonly (readonly [string, JsonSchema, string])[] = [
  ["anything", true, "unknown"],
  ["nothing", false, "never"],
  ["an empty schema", {}, "unknown"],
  ["scalars", { type: ["string", "boolean", "null"] }, "string | boolean | null"],
  ["int64, exact as text", { type: "integer", format: "int64" }, "number | string"],
  ["nullable as in OpenAPI 3.0", { type: "string", nullable: true }, "string | null"],
  ["a list of a union", { type: "array", items: { type: ["string", "null"] } }, "(string | null)[]"],
  ["a list of lists", { type: "array", items: { type: "array" } }, "unknown[][]"],
  ["a list by its items alone", { items: { type: "number" } }, "number[]"],
  ["an open enum", { enum: ["a", "b"] }, '"a" | "b" | (string & {})'],
  ["an open enum of numbers and null", { enum: [1, 2, null] }, "1 | 2 | null | (number & {})"],
  ["a tag", { const: "issue" }, '"issue"'],
  ["an enum of one as a tag", { type: "string", enum: ["issue"] }, '"issue"'],
  ["a constant list", { const: [1] }, "unknown"],
  ["a map", { type: "object", additionalProperties: { type: "number" } }, "{ [key: string]: number }"],
  ["an object of anything", { type: "object" }, "{ [key: string]: unknown }"],
  ["an object of nothing", { type: "object", additionalProperties: false }, "{ [key: string]: never }"],
  [
    "known keys and others",
    { properties: { a: { type: "string" } }, additionalProperties: { type: "number" } },
    "{\n  a?: string;\n  [key: string]: unknown;\n}",
  ],
  [
    "names that are no identifiers",
    { properties: { "a-b": true, "": true, __proto__: undefined } as never, required: ["a-b"] },
    '{\n  "a-b": unknown;\n  ""?: unknown;\n}',
  ],
  [
    "a tuple",
    { prefixItems: [{ type: "string" }, { enum: [1, 2, 3] }], minItems: 1, items: false },
    "[string, (1 | 2 | 3 | (number & {}))?]",
  ],
  [
    "a tuple with a rest, draft-07 style",
    { type: "array", items: [{ type: "string" }], additionalItems: { type: "number" } },
    "[string?, ...number[]]",
  ],
  [
    "alternatives, each once",
    { oneOf: [{ type: "string" }, { type: "integer" }, { type: "number" }] },
    "string | number",
  ],
  [
    "alternatives that only require",
    {
      type: "object",
      properties: { a: { type: "string" } },
      anyOf: [{ required: ["a"] }, { required: ["b"] }],
    },
    "{\n  a?: string;\n}",
  ],
  [
    "parts",
    { allOf: [{ properties: { a: { type: "string" } } }, { properties: { b: { type: "string" } } }] },
    "{\n  a?: string;\n} & {\n  b?: string;\n}",
  ],
  [
    "parts, of which the whole requires what they leave open",
    {
      required: ["a", "b"],
      properties: { b: { type: "string" } },
      allOf: [{ properties: { a: { type: ["string", "null"] } } }],
    },
    "{\n  b: string;\n} & { a: {} | null } & {\n  a?: string | null;\n}",
  ],
  [
    "parts of alternatives",
    { type: "object", properties: { a: true }, oneOf: [{ const: "x" }, { const: "y" }] },
    '{\n  a?: unknown;\n} & ("x" | "y")',
  ],
  ["a reference to nothing", { $ref: "#/schemas/Gone" }, "unknown"],
  ["a type that is none", { type: "file" }, "unknown"],
];

describe("types from JSON Schema", () => {
  // One program for all: to check a type takes TypeScript a moment, to start it takes half a second.
  const texts = cases.map(([, schema], index) => operation(`case_${index}`, { schema }));
  const emitted = emitTypeScript(connector({ operations: texts }));

  it.each(cases.map(([title, , type], index) => [title, type, `Case${index}Response`]))(
    "writes %s",
    async (_, type, name) => {
      const text = declarationOf(fileOf(await emitted, "types.ts"), name);
      expect(text.replace(/^export (?:type \w+ =|interface \w+)\s*/, "").replace(/;$/, "")).toBe(type);
    },
  );

  it("writes types that compile", async () => {
    expect(typeErrors(await emitted)).toEqual([]);
  });

  it("closes enums and takes readonly lists in a request", async () => {
    expect(await requestType({ enum: ["a", "b"] })).toBe('"a" | "b"');
    expect(
      await requestType({ type: "object", properties: { id: { type: "integer", format: "int64" } } }),
    ).toContain("id?: number | string | bigint | undefined;");
    expect(await requestType({ type: "array", items: { type: "array", items: { type: "string" } } })).toBe(
      "readonly (readonly string[])[]",
    );
  });

  it("leaves out of a request what only the server sets, and out of an answer what it only takes", async () => {
    const text = await typesFor({
      type: "object",
      required: ["id", "name"],
      properties: {
        id: { type: "integer", readOnly: true },
        name: { type: "string" },
        password: { type: "string", writeOnly: true },
      },
    });
    expect(declarationOf(text, "ReadResponse")).toBe(
      "export interface ReadResponse {\n  id: number;\n  name: string;\n}",
    );
    expect(declarationOf(text, "WriteParams")).toContain(
      "{\n    name: string;\n    password?: string | undefined;\n  }",
    );
  });

  const animals: Readonly<Record<string, JsonSchema>> = {
    Cat: {
      type: "object",
      required: ["kind"],
      properties: { kind: { type: "string" }, lives: { type: "integer" } },
    },
    Dog: {
      type: "object",
      required: ["kind"],
      properties: { kind: { type: "string" }, name: { type: "string" } },
    },
    Fish: {
      type: "object",
      required: ["kind"],
      properties: { kind: { const: "fish" }, depth: { type: "number" } },
    },
    Animal: {
      oneOf: [{ $ref: "#/schemas/Cat" }, { $ref: "#/schemas/Dog" }, { $ref: "#/schemas/Fish" }],
      discriminator: { propertyName: "kind", mapping: { cat: "#/schemas/Cat", tiger: "Cat" } },
    },
  };

  it("tells alternatives apart by their discriminator, its mapping or their names", async () => {
    const text = await typesFor({ $ref: "#/schemas/Animal" }, animals);
    expect(declarationOf(text, "Animal")).toBe(
      'export type Animal = (Cat & { kind: "cat" | "tiger" }) | (Dog & { kind: "Dog" }) | Fish;',
    );
  });

  it("writes discriminated unions that a switch narrows", async () => {
    const files = await emitTypeScript(
      connector({
        schemas: animals,
        operations: [operation("read", { schema: { $ref: "#/schemas/Animal" } })],
      }),
    );
    const caller = (body: string): string =>
      `import type { Animal } from "CLIENT";\nexport function f(animal: Animal): unknown {\n  switch (animal.kind) {\n${body}\n  }\n}`;
    const right =
      '    case "cat":\n    case "tiger":\n      return animal.lives;\n    case "Dog":\n      return animal.name;\n    case "fish":\n      return animal.depth;';
    expect(typeErrors(files, caller(right))).toEqual([]);
    expect(typeErrors(files, caller('    case "cat":\n      return animal.name;')).join()).toMatch(
      /'name' does not exist/,
    );
    expect(typeErrors(files, caller('    case "bird":\n      return 1;')).join()).toMatch(/"bird"/);
  });

  it("breaks a long enum into lines", async () => {
    const values = Array.from({ length: 12 }, (_, index) => `value_number_${index}`);
    const lines = [...values.map((value) => `  | "${value}"`), "  | (string & {})"].join("\n");
    const text = await typesFor({ enum: values });
    expect(declarationOf(text, "ReadResponse")).toBe(`export type ReadResponse =\n${lines};`);
    const list = await typesFor({ type: "array", items: { enum: values } });
    expect(declarationOf(list, "ReadResponse")).toBe(`export type ReadResponse = (\n${lines})[];`);
  });

  it("gives a shared schema one name per direction, however often it is used", async () => {
    const node: JsonSchema = {
      type: "object",
      properties: { next: { $ref: "#/schemas/tree-node" }, kind: { enum: ["a", "b"] } },
    };
    const text = await typesFor(
      { type: "array", items: { $ref: "#/schemas/tree-node" } },
      { "tree-node": node },
    );
    expect(declarationOf(text, "TreeNode")).toBe(
      'export interface TreeNode {\n  next?: TreeNode;\n  kind?: "a" | "b" | (string & {});\n}',
    );
    expect(declarationOf(text, "TreeNodeInput")).toContain('kind?: "a" | "b" | undefined;');
    expect(text.match(/interface TreeNode /g)).toHaveLength(1);
  });

  it("names definitions inside a schema after their owner, and follows references to its root", async () => {
    const text = await typesFor({
      properties: { self: { $ref: "#" }, leaf: { $ref: "#/$defs/leaf" } },
      $defs: { leaf: { properties: { up: { $ref: "#" } } } },
    });
    expect(declarationOf(text, "ReadResponse")).toContain("self?: ReadResponse;\n  leaf?: ReadResponseLeaf;");
    expect(declarationOf(text, "ReadResponseLeaf")).toContain("up?: ReadResponse;");
  });

  it("breaks a circle that goes through no object, which TypeScript could not declare", async () => {
    const schemas: Readonly<Record<string, JsonSchema>> = {
      A: { anyOf: [{ $ref: "#/schemas/B" }, { type: "string" }] },
      B: { allOf: [{ $ref: "#/schemas/A" }, { $ref: "#/schemas/C" }] },
      C: { $ref: "#/schemas/C" },
      D: { type: "array", items: { $ref: "#/schemas/D" } },
    };
    const text = await typesFor(
      {
        type: "object",
        properties: { a: { $ref: "#/schemas/A" }, c: { $ref: "#/schemas/C" }, d: { $ref: "#/schemas/D" } },
      },
      schemas,
    );
    expect(declarationOf(text, "D")).toBe("export type D = D[];");
    expect(declarationOf(text, "C")).toBe("export type C = unknown;");
  });

  it("does not grow with the ways through shared definitions", async () => {
    const layers = Array.from({ length: 40 }, (_, index) => [
      `L${index}`,
      {
        type: "object",
        properties: { left: { $ref: `#/schemas/L${index + 1}` }, right: { $ref: `#/schemas/L${index + 1}` } },
      },
    ]);
    const text = await typesFor({ $ref: "#/schemas/L0" }, Object.fromEntries(layers));
    expect(text.length).toBeLessThan(20_000);
  });

  it("documents what a schema says of itself", async () => {
    const text = await typesFor({
      type: "object",
      properties: { a: { type: "string", description: "The A.", deprecated: true, default: "x" } },
    });
    expect(declarationOf(text, "ReadResponse")).toBe(
      'export interface ReadResponse {\n  /**\n   * The A.\n   *\n   * @deprecated\n   * @defaultValue "x"\n   */\n  a?: string;\n}',
    );
  });
});
