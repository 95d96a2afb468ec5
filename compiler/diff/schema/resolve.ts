/** A schema with its place, and what its references lead to. */
import type { Connector, Json, JsonSchema } from "../../../schema/ir.ts";
import type { Pointer } from "../../read/tree.ts";

/** One schema object of one side, and the embedded schema that `#/…` counts from. */
export interface Located {
  readonly schema: JsonSchema;
  readonly at: Pointer;
  readonly root: { readonly schema: JsonSchema; readonly at: Pointer };
}

export type Schemas = Connector["schemas"];

export function embedded(schema: JsonSchema, at: Pointer): Located {
  return { schema, at, root: { schema, at } };
}

/** The schema below, by the keywords that lead to it. */
export function below(located: Located, schema: Json | undefined, ...way: Pointer): Located {
  return { schema: isSchema(schema) ? schema : true, at: [...located.at, ...way], root: located.root };
}

export function isSchema(value: Json | undefined): value is JsonSchema {
  return typeof value === "boolean" || isObject(value);
}

export function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What a `$ref` means; undefined where it leads nowhere that can be followed here. */
export function follow(ref: string, from: Located, schemas: Schemas): Located | undefined {
  const shared = /^#\/schemas\/([^/]+)(.*)$/.exec(ref);
  if (shared) {
    const name = decodeToken(shared[1] ?? "");
    const schema = Object.hasOwn(schemas, name) ? schemas[name] : undefined;
    return schema === undefined ? undefined : walk(embedded(schema, ["schemas", name]), shared[2] ?? "");
  }
  const start: Located = { ...from.root, root: from.root };
  if (ref === "#") return start;
  if (ref.startsWith("#/")) return walk(start, ref.slice(1));
  return ref.startsWith("#") ? anchored(start, ref.slice(1)) : undefined;
}

function walk(start: Located, pointer: string): Located | undefined {
  let at: Json | undefined = start.schema;
  const way: string[] = [];
  for (const token of pointer.split("/").slice(1).map(decodeToken)) {
    if (Array.isArray(at)) at = at[Number(token)] as Json | undefined;
    else at = isObject(at) && Object.hasOwn(at, token) ? at[token] : undefined;
    way.push(token);
  }
  return isSchema(at) ? { schema: at, at: [...start.at, ...way], root: start.root } : undefined;
}

function anchored(start: Located, name: string): Located | undefined {
  const search = (value: Json, way: Pointer): Located | undefined => {
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) {
        const found = search(item as Json, [...way, index]);
        if (found) return found;
      }
      return undefined;
    }
    if (!isObject(value)) return undefined;
    if (value.$anchor === name || value.$dynamicAnchor === name)
      return { schema: value, at: [...start.at, ...way], root: start.root };
    for (const [key, inner] of Object.entries(value)) {
      const found = search(inner, [...way, key]);
      if (found) return found;
    }
    return undefined;
  };
  return search(start.schema, []);
}

export function decodeToken(token: string): string {
  try {
    return decodeURIComponent(token).replaceAll("~1", "/").replaceAll("~0", "~");
  } catch {
    return token;
  }
}
