import type { Json, JsonObject, JsonSchema } from "../ir.ts";
import type { SchemaConverter } from "../language/parameter-schema.ts";
import {
  isSchema,
  member,
  resolveReference,
  type Schemas,
  type Target,
  typeNames,
} from "../language/schema-reference.ts";
import { argumentName } from "./names.ts";
import { shortText } from "./plain-text.ts";
import { createRecursionFinder } from "./recursion.ts";
import { saysNothing, simplified } from "./simplify.ts";

/** Brings schemas into the form that MCP clients take; what they share is told at the end. */
export interface SchemaInliner extends SchemaConverter {
  /** Schemas that contain themselves, under their names. */
  definitions(): { readonly [name: string]: JsonSchema };
  /** Keys of objects inside arguments that clients would refuse: alias → key. */
  readonly aliases: ReadonlyMap<string, string>;
  /** Whether something lies too deep to be told. */
  isCut(): boolean;
}

/** Keywords that hold a schema, a list of schemas, or schemas by name (JSON Schema 2020-12). */
const single = new Set([
  "items",
  "additionalProperties",
  "contains",
  "propertyNames",
  "not",
  "if",
  "then",
  "else",
]);
const lists = new Set(["allOf", "anyOf", "oneOf", "prefixItems"]);
/** They constrain or tell nothing that a caller could use, or belong to documents of another kind. */
const dropped = new Set([
  "$defs",
  "definitions",
  "nullable",
  "$schema",
  "$id",
  "$anchor",
  "$comment",
  "discriminator",
  "xml",
  "externalDocs",
  "readOnly",
  "writeOnly",
  "unevaluatedItems",
  "unevaluatedProperties",
  "patternProperties",
  "dependentSchemas",
]);

/** How much of a schema is told. */
export interface SchemaForm {
  /** Levels of objects and lists that are kept; what lies deeper keeps its type, and the call judges it all the same. */
  readonly depth: number;
  /** Characters of the description of what lies inside; 0 for none. */
  readonly words: number;
}

/** More nodes than any schema within reason has: the attempt is given up, and a shallower one made. */
const mostNodes = 20_000;

/** Thrown by `convert` and `definitions` where a schema is larger than anyone reads. */
export class SchemaTooLarge extends Error {}

/**
 * References are replaced by what they name, since clients drop `$defs`; only a schema that contains itself stays one.
 */
export function createSchemaInliner(schemas: Schemas, { depth, words }: SchemaForm): SchemaInliner {
  const isRecursive = createRecursionFinder(schemas);
  const names = new Map<JsonSchema, string>();
  const definitions = new Map<string, JsonSchema>();
  const waiting: (() => void)[] = [];
  const aliases = new Map<string, string>();
  let nodes = 0;
  let isCut = false;

  function refer(reference: string, root: JsonSchema, level: number): JsonSchema {
    const target = resolveReference(reference, { schemas, root });
    if (!target || typeof target.schema === "boolean") return {};
    return isRecursive(target)
      ? { $ref: `#/$defs/${define(target)}` }
      : copy(target.schema, target.root, level);
  }

  function define(target: Target): string {
    const known = names.get(target.schema);
    if (known !== undefined) return known;
    const stem = argumentName(target.name);
    let name = stem;
    for (let number = 2; definitions.has(name); number++) name = `${stem}_${number}`;
    names.set(target.schema, name);
    definitions.set(name, {});
    // Queued: schemas may refer to each other to any depth.
    waiting.push(() => definitions.set(name, copy(target.schema, target.root, 0)));
    return name;
  }

  function copy(schema: JsonSchema, root: JsonSchema, level: number): JsonSchema {
    if (typeof schema === "boolean") return schema ? {} : { not: {} };
    nodes += 1;
    if (nodes > mostNodes) throw new SchemaTooLarge();
    if (level > depth) return cut(schema, root);
    const made: { [key: string]: Json } = {};
    for (const [key, value] of Object.entries(schema)) {
      if (dropped.has(key) || key.startsWith("x-") || saysNothing(key, value)) continue;
      if (key === "description" && level > 0) {
        if (words > 0 && typeof value === "string") made.description = shortText(value, words);
        continue;
      }
      // No value at all would fit; clients refuse the whole tool.
      if (key === "enum" && Array.isArray(value) && value.length === 0) continue;
      if (key === "$ref" && typeof value === "string") Object.assign(made, refer(value, root, level));
      else if (key === "example") made.examples = [value];
      else if (key === "properties") addUnlessEmpty(made, key, properties(value, schema, root, level));
      else if (key === "required" && Array.isArray(value)) addUnlessEmpty(made, key, required(value, schema));
      else if (single.has(key) && isSchema(value)) made[key] = copy(value, root, level + 1);
      else if ((lists.has(key) || key === "items") && Array.isArray(value))
        made[key === "items" ? "prefixItems" : key] = value
          .filter(isSchema)
          .map((one) => copy(one, root, key === "prefixItems" ? level + 1 : level));
      else made[key] = value;
    }
    return member(schema, "nullable") === true ? simplified(withNull(made)) : simplified(made);
  }

  function properties(value: Json, owner: JsonObject, root: JsonSchema, level: number): JsonObject {
    if (!isSchema(value) || typeof value === "boolean") return {};
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, schema]) =>
        isSchema(schema) && !isServerOwned(owner, key) ? [[aliased(key), copy(schema, root, level + 1)]] : [],
      ),
    );
  }

  function required(keys: readonly Json[], owner: JsonObject): readonly Json[] {
    return keys.flatMap((key) =>
      typeof key === "string" && !isServerOwned(owner, key) ? [aliased(key)] : [],
    );
  }

  function aliased(key: string): string {
    const alias = argumentName(key);
    if (alias !== key) aliases.set(alias, key);
    return alias;
  }

  /** The type of what lies too deep, said without its members. */
  function cut(schema: JsonObject, root: JsonSchema): JsonSchema {
    const reference = member(schema, "$ref");
    const target =
      typeof reference === "string" ? resolveReference(reference, { schemas, root })?.schema : schema;
    const types = typeof target === "object" ? typeNames(target) : [];
    const type = types.length === 1 ? types[0] : undefined;
    isCut ||= type === undefined || type === "object" || type === "array";
    return type === undefined ? {} : { type };
  }

  return {
    aliases,
    isCut: () => isCut,
    convert: (schema, _owner) => copy(schema, schema, 0),
    definitions() {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) next();
      return Object.fromEntries([...definitions].sort(([left], [right]) => (left < right ? -1 : 1)));
    },
  };
}

/** What is left of them once all that is not a caller's to set is gone. */
function addUnlessEmpty(to: { [key: string]: Json }, key: string, value: JsonObject | readonly Json[]): void {
  if (Object.keys(value).length > 0) to[key] = value;
}

/** A property that only the server sets is none that a caller could give. */
function isServerOwned(owner: JsonObject, key: string): boolean {
  const properties = member(owner, "properties");
  if (!isSchema(properties) || typeof properties === "boolean") return false;
  const schema = member(properties, key);
  return isSchema(schema) && typeof schema === "object" && member(schema, "readOnly") === true;
}

/** `nullable` of OpenAPI 3.0, in the words of JSON Schema. */
function withNull(schema: JsonObject): JsonObject {
  const type = member(schema, "type");
  return typeof type === "string" && !Object.hasOwn(schema, "enum") && !Object.hasOwn(schema, "const")
    ? { ...schema, type: [type, "null"] }
    : { anyOf: [schema, { type: "null" }] };
}
