/** Assertions about a single value: types, closed sets, bounds. */
import type { Json } from "../../../schema/ir.ts";
import type { View } from "./view.ts";

const everyType = ["array", "boolean", "integer", "null", "number", "object", "string"] as const;

/** The types that all `type` keywords and closed sets together admit; a number admits integers. */
export function typesOf(view: View): ReadonlySet<string> {
  let types: readonly string[] = everyType;
  for (const { value } of view.keywords.get("type") ?? []) {
    const given = new Set((Array.isArray(value) ? value : [value]).map(String));
    types = types.filter((type) => given.has(type) || (type === "integer" && given.has("number")));
  }
  const values = closedSet(view);
  if (!values) return new Set(types);
  const held = new Set([...values.values()].map(typeOf));
  return new Set(types.filter((type) => held.has(type)));
}

function typeOf(value: Json): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
}

/** Types as an author writes them: `integer` goes without saying beside `number`. */
export function typeText(types: ReadonlySet<string>): string {
  if (types.size === everyType.length) return "any type";
  const written = [...types].filter((type) => type !== "integer" || !types.has("number"));
  return written.length === 0 ? "no type" : written.map((type) => `\`${type}\``).join(" or ");
}

/** The closed set of values that `enum` and `const` leave, by canonical text; undefined where none is given. */
export function closedSet(view: View): ReadonlyMap<string, Json> | undefined {
  const sets = [
    ...(view.keywords.get("enum") ?? []).map(({ value }) => (Array.isArray(value) ? value : [])),
    ...(view.keywords.get("const") ?? []).map(({ value }) => [value]),
  ];
  const [first, ...rest] = sets;
  if (!first) return undefined;
  const all = rest.map((set) => new Set(set.map((value: Json) => JSON.stringify(value))));
  return new Map(
    first
      .map((value: Json): [string, Json] => [JSON.stringify(value), value])
      .filter(([text]) => all.every((set) => set.has(text))),
  );
}

/** Numbers below or above which a value is refused: which way is stricter. */
export const bounds: { readonly [keyword: string]: "least" | "most" } = {
  minimum: "least",
  exclusiveMinimum: "least",
  minLength: "least",
  minItems: "least",
  minProperties: "least",
  maximum: "most",
  exclusiveMaximum: "most",
  maxLength: "most",
  maxItems: "most",
  maxProperties: "most",
};

/** The strictest of all values given for a bound. */
export function boundOf(view: View, keyword: string): number | undefined {
  const numbers = (view.keywords.get(keyword) ?? []).flatMap(({ value }) =>
    typeof value === "number" ? [value] : [],
  );
  if (numbers.length === 0) return undefined;
  return bounds[keyword] === "least" ? Math.max(...numbers) : Math.min(...numbers);
}
