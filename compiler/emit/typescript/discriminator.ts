import type { JsonObject, JsonSchema } from "../../../schema/ir.ts";
import {
  type Document,
  member,
  resolveReference,
  schemaList,
  schemaMap,
  typeNames,
} from "../../../schema/language/schema-reference.ts";

/** The property that tells an alternative apart, and the values by which it does. */
export interface AlternativeTag {
  readonly key: string;
  readonly values: readonly string[];
}

/**
 * What tells the alternatives of a schema apart, for each that does not say so itself, by the `discriminator` beside them
 * (OpenAPI 3.1.1, section 4.8.25): its `mapping`, else the name that is referred to.
 */
export function discriminatorOf(
  schema: JsonObject,
  document: Document,
): (choice: JsonSchema) => AlternativeTag | undefined {
  const discriminator = member(schema, "discriminator");
  if (typeof discriminator !== "object" || discriminator === null || Array.isArray(discriminator))
    return () => undefined;
  // `Array.isArray` does not narrow a readonly list away.
  const { propertyName: key, mapping } = discriminator as JsonObject;
  if (typeof key !== "string") return () => undefined;
  const tags = tagsBySchema(mapping, document);
  return (choice) => {
    const reference = typeof choice === "object" ? member(choice, "$ref") : undefined;
    if (typeof reference !== "string") return undefined;
    const target = resolveReference(reference, document);
    if (!target || !isObject(target.schema) || saysItself(target.schema, key)) return undefined;
    return { key, values: tags.get(target.schema) ?? [target.name] };
  };
}

function tagsBySchema(
  mapping: JsonObject[string] | undefined,
  document: Document,
): Map<JsonSchema, string[]> {
  const tags = new Map<JsonSchema, string[]>();
  if (typeof mapping !== "object" || mapping === null) return tags;
  for (const [tag, value] of Object.entries(mapping)) {
    if (typeof value !== "string") continue;
    // A value is a reference, or the bare name of a shared schema.
    const target = resolveReference(value.startsWith("#") ? value : `#/schemas/${value}`, document);
    if (target) tags.set(target.schema, [...(tags.get(target.schema) ?? []), tag]);
  }
  return tags;
}

/** A tag on what may be no object would make a type that nothing has. */
function isObject(schema: JsonSchema): schema is JsonObject {
  if (typeof schema === "boolean") return false;
  const types = typeNames(schema);
  return types.length === 0 ? !Object.hasOwn(schema, "enum") : types.join() === "object";
}

function saysItself(schema: JsonObject, key: string): boolean {
  const own = schemaMap(member(schema, "properties")).find(([name]) => name === key)?.[1];
  if (own !== undefined && typeof own === "object") {
    const values = member(own, "enum");
    if (Object.hasOwn(own, "const") || (Array.isArray(values) && values.length === 1)) return true;
  }
  return schemaList(member(schema, "allOf")).some(
    (part) => typeof part === "object" && saysItself(part, key),
  );
}
