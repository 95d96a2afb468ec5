import type { JsonObject } from "../../../schema/ir.ts";
import { member, typeNames } from "../../../schema/language/schema-reference.ts";

/** True for an object that an interface can declare: no alternatives, no parts, never null. */
export function isPlainObject(schema: JsonObject): boolean {
  const named = typeNames(schema);
  const object = named.length === 0 ? hasShape(schema) : named.length === 1 && named[0] === "object";
  return (
    object &&
    !combines(schema) &&
    !["const", "enum"].some((key) => Object.hasOwn(schema, key)) &&
    member(schema, "nullable") !== true
  );
}

/** True where a schema is made of others. */
export function combines(schema: JsonObject): boolean {
  return ["$ref", "allOf", "anyOf", "oneOf"].some((key) => Object.hasOwn(schema, key));
}

/** True where all of what a schema refers to, or lists, holds of the same value. */
export function hasParts(schema: JsonObject): boolean {
  return ["$ref", "allOf"].some((key) => Object.hasOwn(schema, key));
}

/** True where a schema speaks of an object's members. */
export function hasShape(schema: JsonObject): boolean {
  return ["properties", "patternProperties", "additionalProperties"].some((key) =>
    Object.hasOwn(schema, key),
  );
}

/** True where a schema speaks of a list's elements. */
export function hasItems(schema: JsonObject): boolean {
  return ["items", "prefixItems"].some((key) => Object.hasOwn(schema, key));
}
