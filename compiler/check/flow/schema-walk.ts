import type { Cursor } from "../../lower/cursor.ts";
import type { Declared } from "../../lower/declared.ts";

/** A property that a response schema promises, with its name and its schema. */
export interface SchemaProperty {
  readonly name: string;
  readonly at: Cursor;
}

/** What a schema's `$ref` into `schemas` or its own `$defs` means; the schema itself otherwise. */
function resolved(at: Cursor, root: Cursor, { declared }: Walk): Cursor {
  const ref = at.at("$ref").string();
  const shared = ref === undefined ? undefined : /^#\/schemas\/([^/]+)$/.exec(ref)?.[1];
  if (shared !== undefined) return declared.schemas.find(({ name }) => name === decode(shared))?.at ?? at;
  const own = ref === undefined ? undefined : /^#\/\$defs\/([^/]+)$/.exec(ref)?.[1];
  return own === undefined ? at : root.at("$defs").at(decode(own));
}

function decode(part: string): string {
  return part.replaceAll("~1", "/").replaceAll("~0", "~");
}

interface Walk {
  readonly declared: Declared;
  readonly seen: Set<Cursor["node"]>;
  readonly visit: (property: SchemaProperty) => void;
}

/** Visits every property of a schema at any depth, also behind references; each schema once. */
export function eachProperty(
  schema: Cursor,
  declared: Declared,
  visit: (property: SchemaProperty) => void,
): void {
  walk(schema, schema, { declared, seen: new Set(), visit });
}

function walk(at: Cursor, root: Cursor, context: Walk): void {
  const schema = resolved(at, root, context);
  if (!schema.node || context.seen.has(schema.node)) return;
  context.seen.add(schema.node);
  for (const [name, property] of schema.at("properties").entries()) {
    context.visit({ name, at: property });
    walk(property, root, context);
  }
  for (const key of ["items", "additionalProperties"]) walk(schema.at(key), root, context);
  for (const key of ["allOf", "anyOf", "oneOf", "prefixItems"])
    for (const part of schema.at(key).items()) walk(part, root, context);
}

/** The property at a plain path of names, such as `["data", "token"]`; undefined where the schema does not say. */
export function propertyAt(schema: Cursor, names: readonly string[], declared: Declared): Cursor | undefined {
  let at = schema;
  let found: Cursor | undefined;
  for (const name of names) {
    found = resolved(at, schema, { declared, seen: new Set(), visit: () => {} })
      .at("properties")
      .at(name);
    if (!found.exists) return undefined;
    at = found;
  }
  return found;
}
