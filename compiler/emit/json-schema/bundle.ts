import type { Json, JsonObject, JsonSchema } from "../../../schema/ir.ts";
import type { SchemaConverter } from "../../../schema/language/parameter-schema.ts";
import {
  isSchema,
  member,
  resolveReference,
  type Schemas,
} from "../../../schema/language/schema-reference.ts";
import { createNamePool, type NamePool } from "../names.ts";

/** Schemas of a connector for a document of another kind, where shared ones stand under one prefix. */
export interface SchemaBundle extends SchemaConverter {
  /** All schemas that were referred to, by name. */
  shared(): { readonly [name: string]: JsonSchema };
}

/** Keywords that hold a schema, a list of schemas, or schemas by name (JSON Schema 2020-12). */
const single = new Set([
  "items",
  "additionalItems",
  "additionalProperties",
  "unevaluatedItems",
  "unevaluatedProperties",
  "contains",
  "propertyNames",
  "not",
  "if",
  "then",
  "else",
]);
const lists = new Set(["allOf", "anyOf", "oneOf", "prefixItems"]);
const maps = new Set(["properties", "patternProperties", "dependentSchemas"]);
/** Referred to, they are shared; unreferred, nobody needs them. What else refers inside a document goes with them. */
const dropped = new Set(["$defs", "definitions", "nullable", "$schema", "$id", "$anchor"]);

/** `prefix`: where the document keeps shared schemas, such as `#/components/schemas/`. */
export function createSchemaBundle(schemas: Schemas, prefix: string): SchemaBundle {
  const names: NamePool = createNamePool([]);
  const known = new Map<JsonSchema, string>();
  const waiting: (() => void)[] = [];
  const shared = new Map<string, JsonSchema>();

  function refer(reference: string, root: JsonSchema, owner: string): JsonSchema {
    const target = resolveReference(reference, { schemas, root });
    if (!target) return true;
    if (typeof target.schema === "boolean") return target.schema;
    let name = known.get(target.schema);
    if (name === undefined) {
      const own = componentName(target.name);
      name = names.take(schemas[target.name] === target.schema ? own : `${componentName(owner)}_${own}`);
      known.set(target.schema, name);
      // Queued: schemas may refer to each other to any depth.
      const key = name;
      waiting.push(() => shared.set(key, copy(target.schema, target.root, key)));
    }
    return { $ref: prefix + name };
  }

  function copy(schema: JsonSchema, root: JsonSchema, owner: string): JsonSchema {
    if (typeof schema === "boolean") return schema;
    const inner = (value: JsonSchema): JsonSchema => copy(value, root, owner);
    const entries: [string, Json][] = [];
    for (const [key, value] of Object.entries(schema)) {
      if (dropped.has(key)) continue;
      if (key === "$ref" && typeof value === "string") {
        const to = refer(value, root, owner);
        if (typeof to === "object") entries.push(...Object.entries(to));
      } else if (key === "discriminator") entries.push([key, discriminator(value, root, owner)]);
      else if (single.has(key) && isSchema(value)) entries.push([key, inner(value)]);
      else if ((lists.has(key) || key === "items") && Array.isArray(value))
        entries.push([key === "items" ? "prefixItems" : key, value.filter(isSchema).map(inner)]);
      else if (maps.has(key) && isSchema(value) && typeof value === "object")
        entries.push([key, mapped(value, inner)]);
      else entries.push([key, value]);
    }
    const made: JsonObject = fromEntries(entries);
    return member(schema, "nullable") === true ? withNull(made) : made;
  }

  function discriminator(value: Json, root: JsonSchema, owner: string): Json {
    if (!isSchema(value) || typeof value === "boolean") return value;
    const mapping = member(value, "mapping");
    if (mapping === undefined || !isSchema(mapping) || typeof mapping === "boolean") return value;
    const led = Object.entries(mapping).map(([tag, to]): [string, Json] => {
      const reference = String(to).startsWith("#") ? String(to) : `#/schemas/${String(to)}`;
      const target = refer(reference, root, owner);
      return [tag, typeof target === "object" ? (member(target, "$ref") ?? to) : to];
    });
    return { ...value, mapping: fromEntries(led) };
  }

  return {
    convert: (schema, owner) => copy(schema, schema, owner),
    shared() {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) next();
      return fromEntries([...shared].sort(([left], [right]) => (left < right ? -1 : 1)));
    },
  };
}

/** A definition called `__proto__` stays one. */
function fromEntries<Value>(entries: readonly (readonly [string, Value])[]): { [key: string]: Value } {
  return Object.fromEntries(entries);
}

function mapped(value: JsonObject, inner: (schema: JsonSchema) => JsonSchema): JsonObject {
  return fromEntries(
    Object.entries(value).flatMap(([key, schema]) => (isSchema(schema) ? [[key, inner(schema)]] : [])),
  );
}

/** `nullable` of OpenAPI 3.0, in the words of JSON Schema. */
function withNull(schema: JsonObject): JsonSchema {
  const type = member(schema, "type");
  return typeof type === "string" && !Object.hasOwn(schema, "enum") && !Object.hasOwn(schema, "const")
    ? { ...schema, type: [type, "null"] }
    : { anyOf: [schema, { type: "null" }] };
}

/** OpenAPI 3.1.1, section 4.8.7: letters, digits, `.`, `-` and `_`. */
function componentName(name: string): string {
  return name.slice(0, 100).replace(/[^A-Za-z0-9._-]/g, "_") || "Schema";
}
