/** Schemas of a document as JSON Schema 2020-12, those that are shared once each. */
import type { Json, JsonSchema } from "../../../schema/json.ts";
import { isForbidden, Names } from "../names.ts";
import type { Notes } from "../notes.ts";
import { at, type DataMap, isMap, listAt } from "../plain-data.ts";
import { shortText } from "../prose.ts";
import { type Direction, ReadWrite } from "./direction.ts";
import type { Located } from "./model.ts";
import {
  accepts,
  isDataKeyword,
  isTypeName,
  listKeywords,
  mapKeywords,
  schemaKeywords,
  toJson,
} from "./schema-keywords.ts";
import { below, pointerParts, type Source } from "./source.ts";

/** A schema map under construction. */
type Building = Record<string, Json>;

/** Longer descriptions of a property are for the API's own pages. */
const maxDescription = 300;
/** Deeper schemas are cut: a descriptor may nest 200 levels in all. */
const maxNesting = 60;

export class Schemas {
  readonly #source: Source;
  readonly #notes: Notes;
  readonly #readWrite: ReadWrite;
  readonly #names = new Names();
  /** The name of each shared schema, by file, pointer and direction. */
  readonly #known = new Map<string, string>();
  readonly #waiting: (() => void)[] = [];
  readonly #shared = new Map<string, JsonSchema>();

  constructor(source: Source, notes: Notes) {
    this.#source = source;
    this.#notes = notes;
    this.#readWrite = new ReadWrite(source);
  }

  /** A schema where it is used; references in it lead to shared ones. */
  convert(from: Located, direction: Direction, depth = 0): JsonSchema {
    const { value } = from;
    if (typeof value === "boolean") return value;
    if (!isMap(value)) {
      this.#notes.lose(from.at, "This is no schema: any value is admitted.");
      return {};
    }
    if (depth > maxNesting) {
      this.#notes.lose(
        from.at,
        `Schemas are carried ${maxNesting} levels deep: below, any value is admitted.`,
      );
      return {};
    }
    const reference: unknown = value.$ref;
    return typeof reference === "string"
      ? this.#reference(reference, from, direction, depth)
      : this.#map(value, from, direction, depth);
  }

  /** All that was referred to, by name; in the order of the names. */
  shared(): { readonly [name: string]: JsonSchema } | undefined {
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) next();
    if (this.#shared.size === 0) return undefined;
    return Object.fromEntries([...this.#shared].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  #reference(reference: string, from: Located, direction: Direction, depth: number): JsonSchema {
    const target = this.#source.follow(from);
    const first = this.#source.target(reference, from.file);
    if (!target || !first) {
      this.#notes.lose(from.at, `\`${reference}\` leads nowhere: any value is admitted here.`);
      return {};
    }
    const { value } = from;
    // OpenAPI 3.1 lets keywords stand beside a reference; before, what stands there is meant as well, whatever the letter says.
    const { $ref: _ref, ...beside } = isMap(value) ? value : {};
    const own = this.#map(beside, from, direction, depth);
    const name = this.#nameOf(first, direction);
    const referring = { $ref: `#/schemas/${name}` };
    const admitsNull = at(value, "nullable") === true;
    const { description, ...rest } = own;
    const base = Object.keys(rest).length > 0 ? { ...referring, ...own } : referring;
    const noted = typeof description === "string" ? { ...base, description } : base;
    return admitsNull ? { anyOf: [noted, { type: "null" }] } : noted;
  }

  /** The shared schema of a place, made later: schemas refer to each other to any depth. */
  #nameOf(target: Located, direction: Direction): string {
    const variant = this.#readWrite.differs(target) ? direction : "both";
    const key = `${variant} ${target.file}#${target.at}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const base = nameOf(target);
    const name = this.#names.take(variant === "request" ? `${base}Input` : base, "schema");
    this.#known.set(key, name);
    this.#waiting.push(() => this.#shared.set(name, this.convert(target, direction)));
    return name;
  }

  #map(value: DataMap, from: Located, direction: Direction, depth: number): Building {
    const made: Building = {};
    const inner = (key: string, ...more: readonly (string | number)[]): Located => ({
      value: more.reduce<unknown>(
        (found, part) => at(found, String(part)) ?? itemOf(found, part),
        value[key],
      ),
      file: from.file,
      at: below(from.at, key, ...more),
    });
    const convert = (place: Located): JsonSchema => this.convert(place, direction, depth + 1);
    const types = typesOf(value);
    if (types.length > 0) made.type = types.length === 1 ? (types[0] ?? "") : [...types];
    for (const [key, given] of Object.entries(value)) {
      if (key === "description") {
        const text = shortText(typeof given === "string" ? given : undefined, maxDescription);
        if (text !== undefined) made.description = text;
      } else if (key === "enum") this.#enum(given, value, made);
      else if (key === "const") made.const = toJson(given);
      else if (key === "default") this.#default(given, made);
      else if (key === "required") this.#required(given, value, direction, made);
      else if (isDataKeyword(key)) this.#data(key, given, value, from, made);
      else if (schemaKeywords.has(key)) {
        if (key === "items" && Array.isArray(given))
          made.prefixItems = given.map((_item, index) => convert(inner("items", index)));
        else if (isMap(given) || typeof given === "boolean") made[key] = convert(inner(key));
      } else if (listKeywords.has(key)) {
        const list = listAt(value, key).map((_item, index) => convert(inner(key, index)));
        if (list.length > 0) made[key] = list;
      } else if (mapKeywords.has(key)) {
        const names = isMap(given) ? Object.keys(given) : [];
        made[key] = fromEntries(
          names
            .filter((name) => !this.#isHidden(at(given, name), direction))
            .map((name) => [name, convert(inner(key, name))] as const),
        );
      } else if (key === "discriminator") this.#discriminator(given, from, direction, made);
    }
    return admitNull(value, made);
  }

  /** A key of lesser weight that cannot stand as it is: it goes, and the rest stays. */
  #data(key: string, given: unknown, value: DataMap, from: Located, made: Building): void {
    if (typeof given === "boolean" && (key === "exclusiveMinimum" || key === "exclusiveMaximum")) {
      // OpenAPI 3.0: a mark on the bound. The bound itself is carried by its own key, which goes here.
      const bound = key === "exclusiveMinimum" ? "minimum" : "maximum";
      if (given && accepts(bound, value[bound])) {
        made[key] = Number(value[bound]);
        delete made[bound];
      }
      return;
    }
    if (
      (key === "minimum" || key === "maximum") &&
      value[exclusiveOf(key)] === true &&
      exclusiveOf(key) in made
    )
      return;
    if (accepts(key, given)) made[key] = toJson(given);
    else if (key === "pattern" && typeof given === "string")
      this.#notes.lose(
        below(from.at, key),
        "This pattern is no regular expression that can be run: it is left out.",
      );
  }

  #enum(given: unknown, value: DataMap, made: Building): void {
    if (!Array.isArray(given) || given.length === 0) return;
    const seen = new Map(given.map((item) => [JSON.stringify(item), toJson(item)]));
    if (value.nullable === true) seen.set("null", null);
    made.enum = [...seen.values()];
  }

  #default(given: unknown, made: Building): void {
    if (typeof given !== "object" && given !== undefined) made.default = toJson(given);
  }

  /** What only the server writes is not asked for in requests, and what only the caller writes not in answers. */
  #required(given: unknown, value: DataMap, direction: Direction, made: Building): void {
    if (!Array.isArray(given)) return;
    const properties = value.properties;
    const names = given.filter(
      (name) => typeof name === "string" && !this.#isHidden(at(properties, name), direction),
    );
    if (names.length > 0) made.required = [...new Set<string>(names)];
  }

  #isHidden(property: unknown, direction: Direction): boolean {
    return at(property, direction === "request" ? "readOnly" : "writeOnly") === true;
  }

  #discriminator(given: unknown, from: Located, direction: Direction, made: Building): void {
    const propertyName = at(given, "propertyName") ?? given;
    if (typeof propertyName !== "string") return;
    const mapping = at(given, "mapping");
    const entries = isMap(mapping) ? Object.entries(mapping) : [];
    const led = entries.flatMap(([tag, to]) => {
      if (typeof to !== "string") return [];
      const reference = /[#/.]/.test(to) ? to : `#/components/schemas/${to}`;
      const target = this.#source.target(reference, from.file);
      return target ? [[tag, `#/schemas/${this.#nameOf(target, direction)}`] as const] : [];
    });
    made.discriminator = { propertyName, ...(led.length > 0 ? { mapping: fromEntries(led) } : {}) };
  }
}

function exclusiveOf(bound: "minimum" | "maximum"): string {
  return bound === "minimum" ? "exclusiveMinimum" : "exclusiveMaximum";
}

function itemOf(found: unknown, part: string | number): unknown {
  return Array.isArray(found) ? found[Number(part)] : undefined;
}

/** The types that a schema names; Swagger's `file` is a text of bytes. */
export function typesOf(value: unknown): readonly string[] {
  const type = at(value, "type");
  const all = (Array.isArray(type) ? type : [type])
    .map((one) => (one === "file" ? "string" : one))
    .filter(isTypeName);
  return [...new Set(all)];
}

/** OpenAPI 3.0's `nullable`, in the words of JSON Schema. */
function admitNull(value: DataMap, made: Building): Building {
  if (value.nullable !== true || value.$ref !== undefined) return made;
  const { type } = made;
  if (type === "null") return made;
  if (typeof type === "string") return { ...made, type: [type, "null"] };
  for (const key of ["anyOf", "oneOf"]) {
    const list = made[key];
    if (Array.isArray(list)) return { ...made, [key]: [...list, { type: "null" }] };
  }
  if (type !== undefined || Object.keys(made).length === 0) return made;
  const { description, ...rest } = made;
  const described = description === undefined ? {} : { description };
  return made.allOf === undefined ? made : { ...described, anyOf: [rest, { type: "null" }] };
}

/** A name for a shared schema: the last part of its pointer, or the name of its file. */
function nameOf({ file, at: pointer }: Located): string {
  const parts = pointerParts(pointer);
  const known = parts.findLastIndex(
    (part) => part === "schemas" || part === "definitions" || part === "$defs",
  );
  const tail = parts.slice(known + 1).filter((part) => !["properties", "items"].includes(part));
  const base =
    tail.length > 0 ? tail.slice(-3).join("_") : (file.split("/").at(-1) ?? "").replace(/\.[^.]*$/, "");
  const clean = base.replace(/[^A-Za-z0-9_.-]+/g, "_").replace(/^_+|_+$/g, "");
  return clean === "" || isForbidden(clean) ? `Schema_${clean}` : clean;
}

/** A property called `__proto__` is one like any other. */
function fromEntries<T extends Json>(entries: readonly (readonly [string, T])[]): { [key: string]: T } {
  return Object.fromEntries(entries);
}
