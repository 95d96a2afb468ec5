/** Where a `$ref` leads: JSON Pointers, anchors and `$id`s inside a schema, and the connector's shared schemas. */
import type { Json, JsonSchema } from "../../ir.ts";
import { isObject, isSchema, type SchemaObject, textKeyword } from "./schema-object.ts";

/** A `$ref` that leads nowhere. */
export class SchemaReferenceError extends Error {
  override readonly name = "SchemaReferenceError";
  readonly reference: string;
  constructor(reference: string) {
    super(`The schema reference ${reference} leads nowhere.`);
    this.reference = reference;
  }
}

/** A schema with the URI that its references are relative to. */
export interface Located {
  readonly schema: JsonSchema;
  readonly base: string;
  /** The URI of the document that it stands in. */
  readonly document: string;
}

/** Finds what references name. */
export interface References {
  /** The schema that a check begins with. */
  readonly root: Located;
  /** Follows a reference; throws `configuration` where it leads nowhere. */
  resolve(reference: string, base: string): Located;
  /** Reads the identifiers of a schema's document: to be called before the schema is looked into. */
  read(located: Located): void;
  /** The base inside a schema: its `$id` counts. */
  baseOf(schema: SchemaObject, base: string): string;
}

/** A made-up origin: no reference is ever fetched. */
const rootBase = "schema://connector/";

/** The keywords that hold a schema, a list of them or named ones. */
const holders: ReadonlyMap<string, "one" | "list" | "one or list" | "map"> = new Map([
  ["additionalProperties", "one"],
  ["contains", "one"],
  ["not", "one"],
  ["if", "one"],
  ["then", "one"],
  ["else", "one"],
  ["propertyNames", "one"],
  ["unevaluatedItems", "one"],
  ["unevaluatedProperties", "one"],
  ["items", "one or list"],
  ["allOf", "list"],
  ["anyOf", "list"],
  ["oneOf", "list"],
  ["prefixItems", "list"],
  ["properties", "map"],
  ["patternProperties", "map"],
  ["dependentSchemas", "map"],
  ["$defs", "map"],
  ["definitions", "map"],
]);

/**
 * Reads the identifiers of a schema. Shared schemas count from when a reference first names them, and are read when
 * one of them is looked into, or when a reference is to no place known so far.
 */
export function indexReferences(
  root: JsonSchema,
  shared: { readonly [name: string]: JsonSchema },
): References {
  const resources = new Map<string, JsonSchema>();
  const anchors = new Map<string, Located>();
  const bases = new Map<SchemaObject, string>();
  /** Documents that were named and not read yet, by URI. */
  const unread = new Map<string, JsonSchema>();

  function baseOf(schema: SchemaObject, base: string): string {
    // An indexed schema's `$id` was resolved already, against what stands around it.
    const known = bases.get(schema);
    if (known !== undefined) return known;
    const id = textKeyword(schema, "$id");
    return id === undefined ? base : withoutFragment(resolveUri(id, base));
  }

  function index(schema: JsonSchema, outer: string, document: string): void {
    if (!isObject(schema)) return;
    const base = baseOf(schema, outer);
    bases.set(schema, base);
    if (base !== outer && !resources.has(base)) resources.set(base, schema);
    for (const name of ["$anchor", "$dynamicAnchor"]) {
      const anchor = textKeyword(schema, name);
      if (anchor !== undefined) anchors.set(`${base}#${anchor}`, { schema, base, document });
    }
    for (const inner of subschemas(schema)) index(inner, base, document);
  }

  function addDocument(schema: JsonSchema, base: string): Located {
    if (!resources.has(base)) {
      resources.set(base, schema);
      unread.set(base, schema);
    }
    return { schema, base, document: base };
  }

  function read({ document }: Pick<Located, "document">): void {
    const schema = unread.get(document);
    if (schema === undefined) return;
    unread.delete(document);
    index(schema, document, document);
  }

  function readAll(): boolean {
    const documents = [...unread.keys()];
    for (const document of documents) read({ document });
    return documents.length > 0;
  }

  /** `#/schemas/Name`, and what may follow, from anywhere in the connector. */
  function sharedSchema(segments: readonly string[]): Located | undefined {
    const [section, name = "", ...rest] = segments;
    if (section !== "schemas" || !Object.hasOwn(shared, name)) return undefined;
    const schema = shared[name];
    if (!isSchema(schema)) return undefined;
    return walk(addDocument(schema, `${rootBase}schemas/${encodeURIComponent(name)}`), rest);
  }

  function walk(from: Located, segments: readonly string[]): Located | undefined {
    let value: Json | undefined = from.schema;
    let base = from.base;
    for (const segment of segments) {
      value = childOf(value, segment);
      if (value === undefined) return undefined;
      if (isObject(value)) base = baseOf(value, base);
    }
    return isSchema(value) ? { schema: value, base, document: from.document } : undefined;
  }

  function resolve(reference: string, base: string): Located {
    const found = lookUp(reference, base) ?? (readAll() ? lookUp(reference, base) : undefined);
    if (found) return found;
    throw new SchemaReferenceError(reference);
  }

  function lookUp(reference: string, base: string): Located | undefined {
    const uri = resolveUri(reference, base);
    const resource = resources.get(withoutFragment(uri));
    const fragment = decodeFragment(uri);
    return fragment === "" || fragment.startsWith("/")
      ? byPointer(uri, resource, fragment)
      : anchors.get(`${withoutFragment(uri)}#${fragment}`);
  }

  function byPointer(uri: string, resource: JsonSchema | undefined, fragment: string): Located | undefined {
    const segments = fragment === "" ? [] : fragment.slice(1).split("/").map(unescapeSegment);
    const base = withoutFragment(uri);
    const own =
      resource === undefined ? undefined : walk({ schema: resource, base, document: base }, segments);
    return own ?? sharedSchema(segments);
  }

  const located = addDocument(root, rootBase);
  read(located);
  return { root: located, resolve, read, baseOf };
}

/** The schemas right inside a schema. */
function subschemas(schema: SchemaObject): JsonSchema[] {
  const found: JsonSchema[] = [];
  for (const [name, value] of Object.entries(schema)) {
    const holder = holders.get(name);
    if (holder === undefined) continue;
    if (Array.isArray(value)) {
      if (holder === "list" || holder === "one or list") found.push(...value.filter(isSchema));
    } else if (isObject(value)) {
      if (holder === "map") found.push(...Object.values(value).filter(isSchema));
      else if (holder !== "list") found.push(value);
    }
  }
  return found;
}

function childOf(value: Json | undefined, segment: string): Json | undefined {
  if (Array.isArray(value)) return /^(?:0|[1-9]\d*)$/.test(segment) ? value[Number(segment)] : undefined;
  return isObject(value) && Object.hasOwn(value, segment) ? value[segment] : undefined;
}

function resolveUri(reference: string, base: string): string {
  try {
    // A base such as a URN takes no relative references but fragments.
    return reference.startsWith("#") ? withoutFragment(base) + reference : new URL(reference, base).href;
  } catch {
    return reference;
  }
}

function withoutFragment(uri: string): string {
  const hash = uri.indexOf("#");
  return hash < 0 ? uri : uri.slice(0, hash);
}

function decodeFragment(uri: string): string {
  const hash = uri.indexOf("#");
  if (hash < 0) return "";
  try {
    return decodeURIComponent(uri.slice(hash + 1));
  } catch {
    return uri.slice(hash + 1);
  }
}

/** RFC 6901, section 4. */
function unescapeSegment(segment: string): string {
  return segment.replaceAll("~1", "/").replaceAll("~0", "~");
}
