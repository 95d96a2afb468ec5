import type { Cursor } from "../lower/cursor.ts";
import { embeddedSchemas } from "../lower/schemas.ts";

const single = ["not", "if", "then", "else", "items", "additionalProperties", "contains", "propertyNames"];
const lists = ["allOf", "anyOf", "oneOf", "prefixItems"];
const maps = ["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"];

/**
 * Visits every schema of a descriptor at any depth, where it is written. `isPart` is true below `allOf`, `not`, `if` and
 * their like, where a schema speaks of a value that another describes as well.
 */
export function eachSchema(root: Cursor, visit: (at: Cursor, isPart: boolean) => void): void {
  for (const schema of embeddedSchemas(root)) walk(schema, false, visit);
}

const parts: ReadonlySet<string> = new Set(["not", "if", "then", "else", "allOf", "anyOf", "oneOf"]);

function walk(at: Cursor, isPart: boolean, visit: (at: Cursor, isPart: boolean) => void): void {
  if (at.node?.kind !== "map") return;
  visit(at, isPart);
  for (const key of single) walk(at.at(key), parts.has(key), visit);
  for (const key of lists) for (const inner of at.at(key).items()) walk(inner, parts.has(key), visit);
  for (const key of maps)
    for (const [, inner] of at.at(key).entries()) walk(inner, key === "dependentSchemas", visit);
}
