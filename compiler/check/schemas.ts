import type { Cursor } from "../lower/cursor.ts";
import { embeddedSchemas } from "../lower/schemas.ts";

/** What stands below a keyword, of those that hold schemas. */
const below: ReadonlyMap<string, "schema" | "list" | "map"> = new Map([
  ...["not", "if", "then", "else", "items", "additionalProperties", "contains", "propertyNames"].map(
    (key) => [key, "schema"] as const,
  ),
  ...["allOf", "anyOf", "oneOf", "prefixItems"].map((key) => [key, "list"] as const),
  ...["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"].map(
    (key) => [key, "map"] as const,
  ),
]);

/** Keywords of which the first must not be above the second. */
export const schemaBounds = [
  ["minimum", "maximum"],
  ["minLength", "maxLength"],
  ["minItems", "maxItems"],
  ["minProperties", "maxProperties"],
  ["minContains", "maxContains"],
] as const;

/** True for a schema that no value fits, because a lower bound is above the upper one, or that lists none. */
export function hasCrossedBounds(schema: Cursor): boolean {
  const values = schema.at("enum").node;
  return (
    (values?.kind === "list" && values.items.length === 0) ||
    schemaBounds.some(([least, most]) => {
      const [low, high] = [schema.at(least).number(), schema.at(most).number()];
      return low !== undefined && high !== undefined && low > high;
    })
  );
}

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
  at.node.entries.forEach(({ key }) => {
    const kind = below.get(key);
    if (kind === "schema") walk(at.at(key), parts.has(key), visit);
    else if (kind === "list") for (const inner of at.at(key).items()) walk(inner, parts.has(key), visit);
    else if (kind === "map")
      at.at(key)
        .entries()
        .forEach(([, inner]) => {
          walk(inner, key === "dependentSchemas", visit);
        });
  });
}
