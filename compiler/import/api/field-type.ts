/** The type of a parameter, and what is left of its schema beside it. */
import type { Parameter } from "../../../schema/descriptor.ts";
import type { Json, JsonObject, JsonSchema } from "../../../schema/json.ts";
import { at, isMap, listAt } from "../plain-data.ts";
import type { Located } from "./model.ts";
import { typesOf } from "./schemas.ts";
import type { Source } from "./source.ts";

export type FieldType = NonNullable<Parameter["field_type"]>;

/** A schema may say its type in parts of it; deeper than this it does not. */
const maxLook = 6;

/** The types that values of a schema may have, `null` aside; empty where it does not say. */
export function valueTypes(from: Located | undefined, source: Source, depth = 0): ReadonlySet<string> {
  const found = from && source.follow(from);
  if (!found || depth > maxLook) return new Set();
  const { value } = found;
  const own = typesOf(value).filter((type) => type !== "null");
  if (own.length > 0) return new Set(own);
  const part = (key: string): readonly Located[] =>
    listAt(value, key).map((one, index) => ({
      value: one,
      file: found.file,
      at: `${found.at}/${key}/${index}`,
    }));
  const alternatives = [...part("anyOf"), ...part("oneOf")];
  if (alternatives.length > 0)
    return union(
      alternatives.filter(({ value }) => !isNull(value)).map((one) => valueTypes(one, source, depth + 1)),
    );
  for (const one of part("allOf")) {
    const types = valueTypes(one, source, depth + 1);
    if (types.size > 0) return types;
  }
  return ofKeywords(value);
}

function isNull(value: unknown): boolean {
  return at(value, "type") === "null";
}

/** Empty where any alternative admits any type. */
function union(all: readonly ReadonlySet<string>[]): ReadonlySet<string> {
  return all.some((one) => one.size === 0) ? new Set() : new Set(all.flatMap((one) => [...one]));
}

function ofKeywords(value: unknown): ReadonlySet<string> {
  if (isMap(at(value, "properties")) || isMap(at(value, "additionalProperties"))) return new Set(["object"]);
  if (at(value, "items") !== undefined) return new Set(["array"]);
  const values = [
    ...listAt(value, "enum"),
    ...(at(value, "const") === undefined ? [] : [at(value, "const")]),
  ];
  const types = new Set(
    values.filter((one) => one !== null).map((one) => (Array.isArray(one) ? "array" : typeof one)),
  );
  return types.size === 1 ? types : new Set();
}

/** The field type of a value of these types; `json` where several are possible. */
export function fieldType(from: Located | undefined, source: Source): FieldType {
  const types = valueTypes(from, source);
  if (types.size === 2 && types.has("integer") && types.has("number")) return "number";
  const [only] = types;
  if (only === undefined || types.size > 1) return "json";
  if (only === "string") return textType(at(from && source.follow(from)?.value, "format"));
  return only === "integer" ||
    only === "number" ||
    only === "boolean" ||
    only === "array" ||
    only === "object"
    ? only
    : "json";
}

function textType(format: unknown): FieldType {
  if (format === "date") return "date";
  if (format === "date-time") return "datetime";
  return format === "password" ? "password" : "string";
}

/** What a schema says beyond the field type; undefined where that is nothing. */
export function refinement(schema: JsonSchema, type: FieldType): JsonSchema | undefined {
  if (typeof schema === "boolean") return schema ? undefined : schema;
  const { description: _description, ...rest } = schema;
  const kept = Object.entries(rest).filter(([key, value]) => !saidByType(key, value, type));
  const left: JsonObject = Object.fromEntries(kept);
  return kept.length > 0 ? left : undefined;
}

function saidByType(key: string, value: Json, type: FieldType): boolean {
  if (key === "type") return jsonTypes[type]?.has(bare(value)) ?? false;
  if (key === "format") return value === formats[type] || value === "binary";
  return key === "readOnly" || key === "writeOnly";
}

/** A type without `null`, which a parameter may be in any case. */
function bare(value: Json): string {
  const names = Array.isArray(value) ? value.filter((name: Json) => name !== "null") : [value];
  return names.join(" ");
}

const formats: { readonly [type: string]: string } = {
  date: "date",
  datetime: "date-time",
  password: "password",
};

const text: ReadonlySet<string> = new Set(["string"]);
const jsonTypes: { readonly [type: string]: ReadonlySet<string> } = {
  string: text,
  date: text,
  datetime: text,
  password: text,
  file: text,
  integer: new Set(["integer"]),
  number: new Set(["number"]),
  boolean: new Set(["boolean"]),
  array: new Set(["array"]),
  object: new Set(["object"]),
};
