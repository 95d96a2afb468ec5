import type { Json, JsonObject, JsonSchema } from "../../../schema/ir.ts";
import type { Cursor } from "../../lower/cursor.ts";
import type { Lowering } from "../../lower/lowering.ts";
import { classifyReference, isSchema, lowerSchema } from "../../lower/schemas.ts";
import { type Pointer, pointerText } from "../../read/tree.ts";
import { Budget } from "./budget.ts";

/** A schema, or a part of one, with the place in the descriptor where it stands. */
export interface SchemaPlace {
  readonly schema: JsonSchema;
  /** Undefined for what came from a schema file. */
  readonly path: Pointer | undefined;
  /** What `#` means here: the nearest schema with an `$id`, else the whole one. */
  readonly home: SchemaPlace | undefined;
}

/** Finds the schemas of one descriptor; shared ones become data when they are first referred to. */
export class SchemaReader {
  /** What all questions about one descriptor may take together; past it, schemas say nothing. */
  readonly budget: Budget = new Budget(300_000);
  readonly #lowering: Lowering;
  /** Pointers of what holds a value that was found at fault; made when first asked for. */
  #faulty: ReadonlySet<string> | undefined;
  readonly #names = new Map<Json, readonly string[]>();
  readonly #shared = new Map<string, SchemaPlace | undefined>();

  constructor(lowering: Lowering) {
    this.#lowering = lowering;
  }

  /** The schema at a cursor; undefined where there is none, or a broken one. */
  at(at: Cursor): SchemaPlace | undefined {
    if (!at.exists || this.#lowering.isBroken(at.path)) return undefined;
    const schema = lowerSchema(this.#lowering, at);
    return schema === undefined ? undefined : { schema, path: at.path, home: undefined };
  }

  /** True where a keyword was found at fault: what the schema says then is not what was meant. */
  isFaulty({ schema, path }: SchemaPlace): boolean {
    if (!path || typeof schema !== "object" || this.#lowering.broken.size === 0) return false;
    this.#faulty ??= new Set([...this.#lowering.broken].map((pointer) => pointer.replace(/\/[^/]*$/, "")));
    return this.#faulty.has(pointerText(path));
  }

  /** Where a `$ref` leads; undefined where that is not known here. */
  resolve(ref: string, from: SchemaPlace): SchemaPlace | undefined {
    const found = classifyReference(ref);
    if (found.kind === "shared") return follow(this.#sharedAt(found.name), found.rest);
    return found.kind === "inside" ? follow(from.home ?? from, ref.slice(1)) : undefined;
  }

  /** The names under `properties`: of a wide map they are listed once, however many paths go through it. */
  namesIn(place: SchemaPlace): readonly string[] {
    const { properties } = keywords(place);
    if (typeof properties !== "object" || properties === null || Array.isArray(properties)) return [];
    const names = this.#names.get(properties) ?? Object.keys(properties);
    this.#names.set(properties, names);
    return names;
  }

  #sharedAt(name: string): SchemaPlace | undefined {
    if (!this.#shared.has(name)) this.#shared.set(name, this.#find(name));
    return this.#shared.get(name);
  }

  #find(name: string): SchemaPlace | undefined {
    const own = this.#lowering.declared.schemas.find((schema) => schema.name === name);
    if (own) return this.at(own.at);
    const schema = this.#lowering.files.schemas.get(name);
    return schema === undefined ? undefined : { schema, path: undefined, home: undefined };
  }
}

/** The keywords of a schema; a boolean one has none. */
export function keywords({ schema }: SchemaPlace): JsonObject {
  return typeof schema === "boolean" ? {} : schema;
}

/** The schema below a keyword, such as `("properties", "id")` or `("allOf", 0)`; undefined where none is. */
export function below(place: SchemaPlace, ...keys: readonly (string | number)[]): SchemaPlace | undefined {
  let value: Json | undefined = place.schema;
  for (const key of keys) {
    value = member(value, key);
    if (value === undefined) return undefined;
  }
  if (!isSchema(value)) return undefined;
  const path = place.path && [...place.path, ...keys];
  const here: SchemaPlace = { schema: value, path, home: place.home ?? place };
  return typeof value === "object" && typeof value.$id === "string" ? { ...here, home: undefined } : here;
}

/** RFC 6901, in the form of a URI fragment; an anchor's name is not followed. */
function follow(place: SchemaPlace | undefined, pointer: string): SchemaPlace | undefined {
  if (!place || pointer === "") return place;
  if (!pointer.startsWith("/")) return undefined;
  return below(place, ...pointer.slice(1).split("/").map(decode));
}

function decode(token: string): string {
  try {
    return decodeURIComponent(token).replaceAll("~1", "/").replaceAll("~0", "~");
  } catch {
    return token;
  }
}

function member(value: Json | undefined, key: string | number): Json | undefined {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
  // An own key, read by its text: lists have their indexes as keys.
  return (value as JsonObject)[String(key)];
}
