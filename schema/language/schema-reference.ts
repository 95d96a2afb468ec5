import type { Json, JsonObject, JsonSchema } from "../ir.ts";

/** The shared schemas of a connector, by name. */
export type Schemas = { readonly [name: string]: JsonSchema };

/** Where `#` points: the shared schemas for `#/schemas/…`, else the document that the reference stands in. */
export interface Document {
  readonly schemas: Schemas;
  readonly root: JsonSchema;
}

export interface Target {
  readonly schema: JsonSchema;
  /** The document that references inside the target are relative to. */
  readonly root: JsonSchema;
  /** A name to call it by: the last part of the pointer. */
  readonly name: string;
}

/** What a `$ref` names, or undefined where it names nothing here (the validator has said so). */
export function resolveReference(reference: string, document: Document): Target | undefined {
  const parts = pointerParts(reference);
  if (!parts) return undefined;
  const [first, shared, ...rest] = parts;
  if (first === "schemas" && shared !== undefined && Object.hasOwn(document.schemas, shared)) {
    const root = document.schemas[shared] ?? true;
    return target(follow(root, rest), root, parts);
  }
  return target(follow(document.root, parts), document.root, parts);
}

/** JSON Pointer in a URI fragment (RFC 6901, section 6). */
function pointerParts(reference: string): readonly string[] | undefined {
  if (reference === "#") return [];
  if (!reference.startsWith("#/")) return undefined;
  try {
    return decodeURIComponent(reference.slice(2))
      .split("/")
      .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
  } catch {
    return undefined;
  }
}

function follow(from: Json, parts: readonly string[]): Json | undefined {
  let at: Json | undefined = from;
  for (const part of parts) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, part)) return undefined;
    // A list is read by its index, an object by its key: both are own properties.
    at = (at as JsonObject)[part];
  }
  return at;
}

function target(found: Json | undefined, root: JsonSchema, parts: readonly string[]): Target | undefined {
  return isSchema(found) ? { schema: found, root, name: parts.at(-1) ?? "Self" } : undefined;
}

/** True for a boolean or an object: all that JSON Schema calls a schema. */
export function isSchema(value: Json | undefined): value is JsonSchema {
  return typeof value === "boolean" || (typeof value === "object" && value !== null && !Array.isArray(value));
}

/** An own member of a schema. */
export function member(schema: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(schema, key) ? schema[key] : undefined;
}

/** The schemas that a member holds as a list. */
export function schemaList(value: Json | undefined): readonly JsonSchema[] {
  return Array.isArray(value) ? value.filter(isSchema) : [];
}

/** The schemas that a member holds by name. */
export function schemaMap(value: Json | undefined): readonly (readonly [string, JsonSchema])[] {
  if (!isSchema(value) || typeof value === "boolean") return [];
  return Object.entries(value).flatMap(([key, schema]) => (isSchema(schema) ? [[key, schema] as const] : []));
}

/** The type names of a schema; empty where it names none. */
export function typeNames(schema: JsonObject): readonly string[] {
  const type = member(schema, "type");
  const names = Array.isArray(type) ? type : [type];
  return names.filter((name) => typeof name === "string");
}

/**
 * True where `from` is, by references and combinations alone, made of `goal`: an alias of TypeScript may go
 * through an object or a list to itself, but not directly.
 */
export function isMadeOf(from: Target, goal: JsonSchema, schemas: Schemas): boolean {
  const seen = new Set<JsonSchema>();
  const open: Target[] = [from];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (at.schema === goal) return true;
    if (typeof at.schema === "boolean" || seen.has(at.schema)) continue;
    seen.add(at.schema);
    const reference = member(at.schema, "$ref");
    const next =
      typeof reference === "string" ? resolveReference(reference, { schemas, root: at.root }) : undefined;
    if (next) open.push(next);
    for (const key of ["allOf", "anyOf", "oneOf"])
      for (const schema of schemaList(member(at.schema, key))) open.push({ ...at, schema });
  }
  return false;
}
