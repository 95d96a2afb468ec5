import type { Json, JsonSchema } from "../../schema/ir.ts";
import type { Pointer } from "../read/tree.ts";
import type { Cursor } from "./cursor.ts";
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
  for (const item of at.items()) eachReference(item, visit);
  for (const [key, value] of at.entries()) {
    const ref = key === "$ref" ? value.string() : undefined;
    if (ref !== undefined) visit(ref, value);
    else if (!dataKeywords.has(key)) eachReference(value, visit);
  }
}

/** Every embedded schema of a descriptor: shared ones, response schemas, parameter schemas. */
export function embeddedSchemas(root: Cursor): Cursor[] {
  const operations = root.at("operations").items();
  return [
    ...root
      .at("schemas")
      .entries()
      .map(([, at]) => at),
    ...operations.map((operation) => operation.at("response_schema")),
    ...operations.flatMap((operation) =>
      operation
        .at("parameters")
        .items()
        .map((parameter) => parameter.at("schema")),
    ),
  ].filter((at) => at.exists);
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
