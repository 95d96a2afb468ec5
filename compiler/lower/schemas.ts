import type { Json, JsonSchema } from "../../schema/ir.ts";
import type { Node, Pointer } from "../read/tree.ts";
import { Cursor } from "./cursor.ts";
import { toJson } from "./json.ts";
import type { Lowering } from "./lowering.ts";

/** Where a `$ref` in an embedded schema points. */
export type Reference =
  | { readonly kind: "shared"; readonly name: string; readonly rest: string }
  | { readonly kind: "inside" }
  | { readonly kind: "file"; readonly file: string; readonly fragment: string }
  | { readonly kind: "remote" };

export function classifyReference(ref: string): Reference {
  if (/^[a-z][a-z0-9+.-]*:/i.test(ref) || ref.startsWith("//")) return { kind: "remote" };
  const shared = /^#\/schemas\/([^/]+)(.*)$/.exec(ref);
  if (shared) return { kind: "shared", name: decodeToken(shared[1] ?? ""), rest: shared[2] ?? "" };
  if (ref.startsWith("#")) return { kind: "inside" };
  const [file = "", fragment = ""] = ref.split("#", 2);
  return { kind: "file", file, fragment };
}

/** True where a JSON Pointer (RFC 6901, in the form of a URI fragment, without its first slash) leads somewhere. */
export function resolvesPointer(root: Cursor, pointer: string): boolean {
  let at = root;
  for (const token of pointer.split("/").map(decodeToken)) {
    at = at.node?.kind === "list" ? (at.items()[Number(token)] ?? at.at(token)) : at.at(token);
    if (!at.exists) return false;
  }
  return true;
}

/** True where the schema declares `$anchor: name` (or a dynamic one) anywhere. */
export function hasAnchor(at: Cursor, name: string): boolean {
  return anchorPath(at, name) !== undefined;
}

/** Where a schema says `$anchor: name`; undefined where none does. */
export function anchorPath(at: Cursor, name: string): Pointer | undefined {
  if (at.at("$anchor").string() === name || at.at("$dynamicAnchor").string() === name) return at.path;
  for (const inner of [...at.items(), ...at.entries().map(([, value]) => value)]) {
    const found = anchorPath(inner, name);
    if (found) return found;
  }
  return undefined;
}

function decodeToken(token: string): string {
  try {
    return decodeURIComponent(token).replaceAll("~1", "/").replaceAll("~0", "~");
  } catch {
    return token;
  }
}

/** Keywords whose values are data: a `$ref` below them refers to nothing. */
const dataKeywords = new Set(["enum", "const", "default", "example", "examples"]);

/** Calls `visit` for every `$ref` of an embedded schema, with the place of its value. */
export function eachReference(at: Cursor, visit: (ref: string, at: Cursor) => void): void {
  eachEntry(at, (key, value, place) => {
    if (key !== "$ref" || value.kind !== "scalar" || typeof value.value !== "string")
      return !dataKeywords.has(key);
    visit(value.value, place());
    return false;
  });
}

/** A reference within an embedded schema. */
export interface SchemaReference {
  readonly schema: Cursor;
  readonly ref: string;
  /** Where it is written. */
  readonly at: Cursor;
}

/** Every reference of the embedded schemas of a descriptor, in their order. */
export function embeddedReferences(root: Cursor): readonly SchemaReference[] {
  if (!root.node) return [];
  const known = referencesIn.get(root.node);
  if (known) return known;
  const found: SchemaReference[] = [];
  for (const schema of embeddedSchemas(root))
    eachReference(schema, (ref, at) => {
      found.push({ schema, ref, at });
    });
  referencesIn.set(root.node, found);
  return found;
}

/** Gathered once for all that asks. */
const referencesIn = new WeakMap<Node, readonly SchemaReference[]>();

/**
 * Goes through all maps at and below a place; `enter` answers whether to go on below an entry. Most entries have nothing
 * to say: the place of one is worked out when it is asked for.
 */
export function eachEntry(
  at: Cursor,
  enter: (key: string, value: Node, place: () => Cursor) => boolean,
): void {
  const below: (string | number)[] = [];
  const walk = (node: Node): void => {
    if (node.kind === "scalar") return;
    if (node.kind === "list") {
      for (let index = 0; index < node.items.length; index++) {
        const item = node.items[index];
        if (!item || item.kind === "scalar") continue;
        below.push(index);
        walk(item);
        below.pop();
      }
      return;
    }
    node.entries.forEach(({ key, value }) => {
      below.push(key);
      if (enter(key, value, () => new Cursor(value, [...at.path, ...below]))) walk(value);
      below.pop();
    });
  };
  if (at.node) walk(at.node);
}

/** Every embedded schema of a descriptor: shared ones, response schemas, parameter schemas. */
export function embeddedSchemas(root: Cursor): readonly Cursor[] {
  if (!root.node) return [];
  const known = embeddedIn.get(root.node);
  if (known) return known;
  const operations = root.at("operations").items();
  const found = [
    ...root
      .at("schemas")
      .entries()
      .map(([, at]) => at),
    ...operations.flatMap((operation) => schemaOf(operation, "response_schema")),
    ...operations.flatMap((operation) =>
      operation
        .at("parameters")
        .items()
        .flatMap((parameter) => schemaOf(parameter, "schema")),
    ),
  ];
  embeddedIn.set(root.node, found);
  return found;
}

/** Gathered once for all that asks. */
const embeddedIn = new WeakMap<Node, readonly Cursor[]>();

function schemaOf(at: Cursor, key: string): readonly Cursor[] {
  return at.has(key) ? [at.at(key)] : [];
}

/** The schema as data, its file references bent to the bundled names. */
export function lowerSchema(lowering: Lowering, at: Cursor): JsonSchema | undefined {
  if (!at.exists) return undefined;
  const value = lowering.files.bend(toJson(at.value()));
  return isSchema(value) ? value : undefined;
}

/** The schema check, as a module: loaded only when something must be checked. */
export type SchemaChecks = typeof import("../../schema/language/schema-check/index.ts");

/** Loads the schema check where a default must be held against a schema or a pattern. */
export async function loadSchemaChecks(root: Cursor): Promise<SchemaChecks | undefined> {
  const parameters = root
    .at("operations")
    .items()
    .flatMap((operation) => operation.at("parameters").items());
  const settings = root.at("connection_config").items();
  return parameters.some((at) => at.has("default_value") && at.has("schema")) ||
    settings.some((at) => at.has("default_value") && at.has("pattern"))
    ? import("../../schema/language/schema-check/index.ts")
    : undefined;
}

/** Every shared schema, own ones and those of bundled files. */
export function sharedSchemas(lowering: Lowering): { readonly [name: string]: JsonSchema } {
  const own = lowering.declared.schemas.flatMap(({ name, at }) => {
    const schema = lowerSchema(lowering, at);
    return schema === undefined ? [] : [[name, schema] as const];
  });
  return Object.fromEntries([...own, ...lowering.files.schemas]);
}

export function isSchema(value: Json): value is JsonSchema {
  return typeof value === "boolean" || (typeof value === "object" && value !== null && !Array.isArray(value));
}
