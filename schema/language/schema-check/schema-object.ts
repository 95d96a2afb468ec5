/** Reading keywords from an author's schema: a keyword whose value has the wrong type counts as absent. */
import type { Json, JsonObject, JsonSchema } from "../../ir.ts";

/** A schema that is not a boolean. */
export type SchemaObject = JsonObject;

/** True for an object or boolean. */
export function isSchema(value: Json | undefined): value is JsonSchema {
  return typeof value === "boolean" || isObject(value);
}

/** True for a JSON object. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The keyword's value. */
export function keyword(schema: SchemaObject, name: string): Json | undefined {
  return Object.hasOwn(schema, name) ? schema[name] : undefined;
}

/** The keyword's value where it is a number. */
export function numberKeyword(schema: SchemaObject, name: string): number | undefined {
  const value = keyword(schema, name);
  return typeof value === "number" ? value : undefined;
}

/** The keyword's value where it is a string. */
export function textKeyword(schema: SchemaObject, name: string): string | undefined {
  const value = keyword(schema, name);
  return typeof value === "string" ? value : undefined;
}

/** The keyword's value where it is a schema. */
export function schemaKeyword(schema: SchemaObject, name: string): JsonSchema | undefined {
  const value = keyword(schema, name);
  return isSchema(value) ? value : undefined;
}

/** The keyword's list of schemas; empty where it has none. */
export function schemaList(schema: SchemaObject, name: string): readonly JsonSchema[] {
  const value = keyword(schema, name);
  return Array.isArray(value) ? value.filter(isSchema) : [];
}

/** The keyword's named schemas; empty where it has none. */
export function schemaMap(schema: SchemaObject, name: string): readonly (readonly [string, JsonSchema])[] {
  const value = keyword(schema, name);
  if (!isObject(value)) return [];
  return Object.entries(value).filter((entry): entry is [string, JsonSchema] => isSchema(entry[1]));
}

/** The keyword's list of strings; empty where it has none. */
export function textList(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
