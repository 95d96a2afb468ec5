import type { Json } from "../../../schema/ir.ts";

/** The types of JSON Schema, with the whole numbers told apart. */
export type SchemaType = "null" | "boolean" | "integer" | "number" | "string" | "array" | "object";

export type TypeSet = ReadonlySet<SchemaType>;

const all: readonly SchemaType[] = ["null", "boolean", "integer", "number", "string", "array", "object"];

export const everyType: TypeSet = new Set(all);

/** The types that a schema's own `type`, `const` and `enum` leave. */
export function typesOf(schema: { readonly [keyword: string]: Json }): TypeSet {
  let types = everyType;
  if (schema.type !== undefined) types = both(types, namedTypes(schema.type));
  if (schema.const !== undefined) types = both(types, new Set([typeOfValue(schema.const)]));
  if (Array.isArray(schema.enum)) types = both(types, new Set(schema.enum.map(typeOfValue)));
  return types;
}

export function both(a: TypeSet, b: TypeSet): TypeSet {
  if (a === everyType) return b;
  return new Set([...a].filter((type) => b.has(type)));
}

export function typeOfValue(value: Json): SchemaType {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value === "string" ? "string" : typeof value === "boolean" ? "boolean" : "object";
}

/** `number` holds whole numbers, too. */
function namedTypes(type: Json): TypeSet {
  const names: readonly Json[] = Array.isArray(type) ? type : [type];
  return new Set(
    names.flatMap((name): SchemaType[] =>
      name === "number" ? ["integer", "number"] : all.filter((known) => known === name),
    ),
  );
}
