/** Which alternative a value says that it is, by the `discriminator` beside them (OpenAPI 3.1.1, section 4.8.25). */
import type { JsonSchema } from "../../ir.ts";
import { isObject, keyword, type SchemaObject, textKeyword } from "./schema-object.ts";

/** The place of the alternative that a value names; undefined where it names none, or one that two places have. */
export type NamedAlternative = (value: unknown) => number | undefined;

/** Reads `discriminator`; undefined where the schema has none. */
export function namedAlternative(
  schema: SchemaObject,
  alternatives: readonly JsonSchema[],
): NamedAlternative | undefined {
  const discriminator = keyword(schema, "discriminator");
  if (!isObject(discriminator)) return undefined;
  const property = textKeyword(discriminator, "propertyName");
  if (property === undefined) return undefined;
  const places = placesByTag(keyword(discriminator, "mapping"), alternatives);
  return (value) => {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, property)) return undefined;
    // It is an object, and the property its own.
    const tag = (value as SchemaObject)[property];
    return typeof tag === "string" ? places.get(tag) : undefined;
  };
}

function placesByTag(
  mapping: SchemaObject[string] | undefined,
  alternatives: readonly JsonSchema[],
): ReadonlyMap<string, number | undefined> {
  const places = new Map<string, number | undefined>();
  for (const [place, alternative] of alternatives.entries()) {
    const reference = isObject(alternative) ? textKeyword(alternative, "$ref") : undefined;
    if (reference === undefined) continue;
    for (const tag of tagsOf(reference, mapping)) places.set(tag, places.has(tag) ? undefined : place);
  }
  return places;
}

/** The tags that the mapping gives to a reference (or to the name in it), else the name that it ends in. */
function tagsOf(reference: string, mapping: SchemaObject[string] | undefined): readonly string[] {
  const name = reference.slice(reference.lastIndexOf("/") + 1);
  const tags = isObject(mapping)
    ? Object.keys(mapping).filter((tag) => mapping[tag] === reference || mapping[tag] === name)
    : [];
  return tags.length > 0 ? tags : [name];
}
