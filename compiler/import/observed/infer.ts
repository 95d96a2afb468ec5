/** JSON Schemas of values that were seen: permissive, since what was not seen may come as well. No value is kept. */
import type { Json } from "../../../schema/json.ts";
import { isForbidden } from "../names.ts";
import { isMap } from "../plain-data.ts";
import { formatOf, isIdentifier, isNoName, isWholeName, scalarOf } from "./values.ts";

type Building = Record<string, Json>;

/** Deeper values, longer lists and larger maps say nothing new. */
const maxDepth = 24;
const maxItems = 200;
const maxProperties = 200;

/** What was seen of the values at one place. */
export class Shape {
  readonly #types = new Set<string>();
  readonly #properties = new Map<string, Shape>();
  /** The one format that all texts had; null where they differ. */
  #format: string | null | undefined;
  #whole: number | undefined;
  #areWhole = false;
  #items: Shape | undefined;
  /** Names that are data, such as ids: values of a map. */
  #values: Shape | undefined;

  /** `isHidden` tells names that must not be written. */
  add(value: unknown, isHidden: (name: string) => boolean = () => false, depth = 0): this {
    if (depth > maxDepth || value === undefined) return this;
    if (Array.isArray(value)) {
      this.#types.add("array");
      this.#items ??= new Shape();
      for (const item of value.slice(0, maxItems)) this.#items.add(item, isHidden, depth + 1);
    } else if (isMap(value)) {
      this.#types.add("object");
      this.#addMap(Object.entries(value), isHidden, depth + 1);
    } else this.#addScalar(value);
    return this;
  }

  #addScalar(value: unknown): void {
    if (typeof value === "string") {
      this.#types.add("string");
      const format = formatOf(value) ?? null;
      if (value !== "") this.#format = this.#format === undefined || this.#format === format ? format : null;
    } else if (typeof value === "number") this.#addNumber(value);
    else if (typeof value === "boolean") this.#types.add("boolean");
    else if (value === null) this.#types.add("null");
  }

  /** One whole number says little; where several differ and all are whole, they are counts or ids. */
  #addNumber(value: number): void {
    if (!Number.isInteger(value)) this.#types.add("number");
    else if (this.#whole !== undefined && this.#whole !== value) this.#areWhole = true;
    this.#whole ??= value;
    this.#types.add("integer");
  }

  #addMap(
    entries: readonly (readonly [string, unknown])[],
    isHidden: (name: string) => boolean,
    depth: number,
  ): void {
    const isKeyed = entries.length > 1 && entries.every(([name]) => isIdentifier(name));
    for (const [name, value] of entries) {
      const isData = isKeyed || name === "" || isForbidden(name) || isNoName(name) || isHidden(name);
      const known = this.#properties.get(name);
      if (!isData && (known || this.#properties.size < maxProperties)) {
        const property = known ?? new Shape();
        this.#properties.set(name, property);
        property.add(value, isHidden, depth);
      } else this.#values = (this.#values ?? new Shape()).add(value, isHidden, depth);
    }
  }

  get isObject(): boolean {
    return this.#types.size === 1 && this.#types.has("object");
  }

  /** The names of a map, in the order in which they were seen. */
  get names(): readonly string[] {
    return [...this.#properties.keys()];
  }

  /**
   * The schema of what stands under `name`, without `required`: that something was always there does not say that it must
   * be.
   */
  schema(name = ""): Building {
    const isWhole = (this.#areWhole || isWholeName(name)) && !this.#types.has("number");
    const types = [
      ...new Set([...this.#types].map((type) => (type === "integer" && !isWhole ? "number" : type))),
    ];
    if (types.length === 0 || (types.length === 1 && types[0] === "null")) return {};
    const made: Building = { type: types.length === 1 ? (types[0] ?? "") : types.sort(nullLast) };
    if (this.#types.has("string") && this.#format) made.format = this.#format;
    const names = [...this.#properties].map(([key, shape]) => [key, shape.schema(key)] as const);
    if (names.length > 0) made.properties = Object.fromEntries(names);
    if (this.#values && names.length === 0) made.additionalProperties = this.#values.schema();
    const items = this.#items?.schema();
    if (items && Object.keys(items).length > 0) made.items = items;
    return made;
  }
}

function nullLast(a: string, b: string): number {
  return Number(a === "null") - Number(b === "null") || (a < b ? -1 : 1);
}

/** The schema of several values of one place. */
export function inferSchema(values: readonly unknown[], isHidden?: (name: string) => boolean): Building {
  const shape = new Shape();
  for (const value of values) shape.add(value, isHidden);
  return shape.schema();
}

/** The type of what a query, a path or a form writes as text. */
export function scalarSchema(name: string, texts: readonly string[]): { readonly [key: string]: Json } {
  const shape = new Shape();
  for (const text of texts) if (text !== "") shape.add(scalarOf(text));
  const schema = shape.schema(name);
  // What is a number now may be a word the next time.
  return typeof schema.type === "string" ? schema : { type: "string" };
}
