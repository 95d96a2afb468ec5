/** JSON Schemas held against each other: which differences are told, and that turning them round turns them over. */
import { describe, expect, it } from "vitest";
import { diffCatalog } from "../../../compiler/diff/catalog.ts";
import { Spot } from "../../../compiler/diff/change.ts";
import { compareSchemas } from "../../../compiler/diff/schema/compare.ts";
import {
  type DifferenceKind,
  differences,
  type SchemaDifference,
} from "../../../compiler/diff/schema/difference.ts";
import { embedded } from "../../../compiler/diff/schema/resolve.ts";
import { createSchemaScope } from "../../../compiler/diff/schema/scope.ts";
import type { JsonSchema } from "../../../schema/ir.ts";

type Schemas = Readonly<Record<string, JsonSchema>>;

function compare(
  old: JsonSchema,
  now: JsonSchema,
  before: Schemas = {},
  after: Schemas = before,
): SchemaDifference[] {
  const found: SchemaDifference[] = [];
  const at = ["operations", 0, "response_schema"];
  compareSchemas(
    embedded(old, at),
    embedded(now, at),
    new Spot(at, at),
    createSchemaScope(before, after),
    (one) => found.push(one),
  );
  return found;
}

const kinds = (found: readonly SchemaDifference[]): DifferenceKind[] => found.map(({ kind }) => kind);

const text = { type: "string" } as const;
const object = (properties: Schemas, more: object = {}): JsonSchema =>
  ({ type: "object", properties, ...more }) as JsonSchema;

/** What is told one way, and what the other way. */
const opposites: readonly (readonly [
  title: string,
  old: JsonSchema,
  now: JsonSchema,
  there: readonly DifferenceKind[],
  back: readonly DifferenceKind[],
])[] = [
  [
    "a property that goes",
    object({ id: text, name: text }),
    object({ id: text }),
    ["property-removed"],
    ["property-added"],
  ],
  [
    "a property that is required",
    object({ id: text }),
    object({ id: text }, { required: ["id"] }),
    ["property-required"],
    ["property-optional"],
  ],
  [
    "a new property that is required",
    object({}),
    object({ id: text }, { required: ["id"] }),
    ["property-required"],
    ["property-removed"],
  ],
  ["one type less", { type: ["string", "integer"] }, text, ["type-narrowed"], ["type-widened"]],
  ["another type", text, { type: "integer" }, ["type-changed"], ["type-changed"]],
  ["integers of numbers", { type: "number" }, { type: "integer" }, ["type-narrowed"], ["type-widened"]],
  ["null in a list of types", { type: ["string", "null"] }, text, ["null-refused"], ["null-allowed"]],
  ["null as a branch", { anyOf: [text, { type: "null" }] }, text, ["null-refused"], ["null-allowed"]],
  ["null in an enum", { enum: ["a", null] }, { enum: ["a"] }, ["null-refused"], ["null-allowed"]],
  [
    "values of an enum",
    { type: "string", enum: ["a", "b"] },
    { type: "string", enum: ["a"] },
    ["enum-narrowed"],
    ["enum-widened"],
  ],
  ["a text that becomes an enum", text, { type: "string", enum: ["a"] }, ["enum-narrowed"], ["enum-widened"]],
  ["a constant of an enum", { enum: ["a", "b"] }, { const: "a" }, ["enum-narrowed"], ["enum-widened"]],
  [
    "a branch of oneOf",
    { oneOf: [text, { type: "integer" }] },
    { oneOf: [text] },
    ["variant-removed"],
    ["variant-added"],
  ],
  [
    "a schema that becomes one of several",
    { oneOf: [text, { type: "integer" }] },
    text,
    ["variant-removed"],
    ["variant-added"],
  ],
  [
    "a minimum",
    { type: "integer", minimum: 1 },
    { type: "integer", minimum: 2 },
    ["constraint-tightened"],
    ["constraint-loosened"],
  ],
  [
    "a maximum",
    { type: "integer", maximum: 2 },
    { type: "integer", maximum: 1 },
    ["constraint-tightened"],
    ["constraint-loosened"],
  ],
  ["a pattern", text, { type: "string", pattern: "^a" }, ["constraint-tightened"], ["constraint-loosened"]],
  ["a format", text, { type: "string", format: "uuid" }, ["constraint-tightened"], ["constraint-loosened"]],
  [
    "integers of 64 bits",
    { type: "integer" },
    { type: "integer", format: "int64" },
    ["type-changed"],
    ["type-changed"],
  ],
  [
    "another format",
    { type: "string", format: "date" },
    { type: "string", format: "date-time" },
    ["type-changed"],
    ["type-changed"],
  ],
  [
    "a multiple of a multiple",
    { type: "integer", multipleOf: 2 },
    { type: "integer", multipleOf: 4 },
    ["constraint-tightened"],
    ["constraint-loosened"],
  ],
  [
    "unique items",
    { type: "array" },
    { type: "array", uniqueItems: true },
    ["constraint-tightened"],
    ["constraint-loosened"],
  ],
  [
    "a condition of any sort",
    { type: "object" },
    { type: "object", not: { required: ["a"] } },
    ["constraint-tightened"],
    ["constraint-loosened"],
  ],
  [
    "additional properties",
    object({ id: text }),
    object({ id: text }, { additionalProperties: false }),
    ["closed"],
    ["opened"],
  ],
  [
    "the type of additional properties",
    { type: "object", additionalProperties: text },
    { type: "object", additionalProperties: { type: "integer" } },
    ["type-changed"],
    ["type-changed"],
  ],
  [
    "items",
    { type: "array", items: { type: ["string", "null"] } },
    { type: "array", items: text },
    ["null-refused"],
    ["null-allowed"],
  ],
  [
    "items that are said at last",
    { type: "array" },
    { type: "array", items: text },
    ["type-narrowed"],
    ["type-widened"],
  ],
  ["another pattern", { pattern: "^a" }, { pattern: "^b" }, ["undecided"], ["undecided"]],
  [
    "another condition",
    { if: { minProperties: 1 } },
    { if: { minProperties: 2 } },
    ["undecided"],
    ["undecided"],
  ],
  [
    "anyOf and oneOf",
    { anyOf: [text, { type: "integer" }] },
    { oneOf: [text, { type: "integer" }] },
    ["undecided"],
    ["undecided"],
  ],
  [
    "words",
    { type: "string", description: "A name." },
    { type: "string", description: "The name." },
    ["text-changed"],
    ["text-changed"],
  ],
  [
    "a schema that nothing fits",
    { type: "string" },
    false,
    ["constraint-tightened"],
    ["constraint-loosened"],
  ],
  [
    "a property of that name",
    object({ toString: text }),
    object({ toString: { type: "integer" } }),
    ["type-changed"],
    ["type-changed"],
  ],
];

describe("schemas held against each other", () => {
  it.each(opposites)("tells %s", (_title, old, now, there, back) => {
    expect(kinds(compare(old, now))).toEqual(there);
    expect(kinds(compare(now, old))).toEqual(back);
    expect(compare(old, old)).toEqual([]);
    expect(compare(now, now)).toEqual([]);
  });

  it("has an example of every kind here", () => {
    const shown = new Set(opposites.flatMap(([, , , there, back]) => [...there, ...back]));
    expect(Object.keys(differences).filter((kind) => !shown.has(kind as DifferenceKind))).toEqual([
      "rewritten",
    ]);
  });

  it.each([
    [
      "allOf in one piece",
      { allOf: [object({ a: text }), object({ b: text })] },
      object({ a: text, b: text }),
    ],
    ["a branch of types in one list", { anyOf: [text, { type: "null" }] }, { type: ["string", "null"] }],
    ["an enum of one value", { enum: ["a"] }, { const: "a" }],
    [
      "no limit to additional properties",
      object({ a: text }),
      object({ a: text }, { additionalProperties: true }),
    ],
    ["types in another order", { type: ["null", "string"] }, { type: ["string", "null"] }],
    [
      "branches in another order",
      { oneOf: [text, { type: "integer" }] },
      { oneOf: [{ type: "integer" }, text] },
    ],
    ["a definition in its place", { $ref: "#/$defs/A", $defs: { A: text } }, text],
  ] as const)("takes %s for the same", (_title, old, now) => {
    expect(kinds(compare(old as JsonSchema, now as JsonSchema))).toEqual(["rewritten"]);
    expect(kinds(compare(now as JsonSchema, old as JsonSchema))).toEqual(["rewritten"]);
  });

  it("follows shared schemas and tells a change where it stands", () => {
    const use: JsonSchema = { type: "array", items: { $ref: "#/schemas/Ticket" } };
    const [found, ...more] = compare(
      use,
      use,
      { Ticket: object({ id: text, name: text }) },
      { Ticket: object({ id: text }) },
    );
    expect(more).toEqual([]);
    expect(found).toMatchObject({ kind: "property-removed", message: "The property `Ticket.name` is gone." });
    expect(found?.spot.old).toEqual(["schemas", "Ticket", "properties", "name"]);
  });

  it("finds a change behind several references and in circles", () => {
    const before: Schemas = {
      Tree: object({
        children: { type: "array", items: { $ref: "#/schemas/Tree" } },
        leaf: { $ref: "#/schemas/Leaf" },
      }),
      Leaf: object({ size: { type: "integer" } }),
    };
    const after: Schemas = { ...before, Leaf: object({ size: text }) };
    const use: JsonSchema = { $ref: "#/schemas/Tree" };
    expect(kinds(compare(use, use, before, after))).toEqual(["type-changed"]);
    expect(compare(use, use, before, before)).toEqual([]);
  });

  it("pairs branches by their discriminator", () => {
    const branch = (kind: string, inner: JsonSchema): JsonSchema =>
      object({ kind: { const: kind }, value: inner });
    const old: JsonSchema = { oneOf: [branch("a", text), branch("b", text)] };
    const now: JsonSchema = { oneOf: [branch("b", { type: "integer" }), branch("a", text)] };
    expect(compare(old, now).map(({ message }) => message)).toEqual([
      "`value` changed from `string` to `integer`.",
    ]);
  });

  it("says that a reference which leads nowhere cannot be judged", () => {
    const old: JsonSchema = { $ref: "#/$defs/A" };
    expect(kinds(compare(old, { $ref: "#/$defs/B" }))).toEqual(["undecided"]);
    expect(compare(old, old)).toEqual([]);
  });

  it("gives what narrows a request and what widens an answer the same level, and their opposites the other", () => {
    const level = (direction: string, kind: string): string | undefined =>
      diffCatalog[`diff/${direction}-${kind}`]?.level;
    for (const [kind, { effect }] of Object.entries(differences)) {
      // Schemas let in what they do not declare; callers do not live by that (see `schema-rules.ts`).
      if (kind === "property-added" || kind === "property-removed") continue;
      if (effect === "narrows")
        expect([level("request", kind), level("response", kind)]).toEqual(["major", "minor"]);
      if (effect === "widens")
        expect([level("request", kind), level("response", kind)]).toEqual(["minor", "major"]);
    }
    expect(level("request", "property-added")).toBe("minor");
    expect(level("request", "property-removed")).toBe("major");
    expect(level("response", "property-added")).toBe("minor");
    expect(level("response", "property-removed")).toBe("major");
  });
});
