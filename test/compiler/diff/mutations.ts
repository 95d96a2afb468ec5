/** Every small change that a program can make of a descriptor's data. */
import { parse } from "yaml";

type Way = readonly (string | number)[];

export interface Mutant {
  readonly title: string;
  /** Made when asked for: of most mutants nobody does. */
  text(): string;
}

/** Keys that may be right wherever they are put; the compiler refuses those that are not. */
const additions: readonly (readonly [key: string, value: unknown])[] = [
  ["required", true],
  ["deprecated", true],
  ["description", "A new description."],
  ["timeout_ms", 5000],
  ["additionalProperties", false],
  ["x-note", 1],
  ["destructive", true],
  ["enum", ["a"]],
  ["pattern", "[a-z]+"],
  ["default_value", "z"],
  ["style", "spaceDelimited"],
  ["format", "date"],
  ["minLength", 2],
  ["allowed_hosts", ["a.example.com"]],
];

const words = [
  "query",
  "header",
  "integer",
  "string",
  "offset",
  "page",
  "link_header",
  "PUT",
  "smooth",
  "per_token",
];

/** The mutants of a descriptor, as JSON text; many of them are wrong. */
export function* mutants(descriptor: string): Iterable<Mutant> {
  const data: unknown = parse(descriptor);
  for (const way of waysInto(data, [])) {
    const title = `/${way.join("/")}`;
    const value = at(data, way);
    const put = (what: string, by: unknown): Mutant => ({
      title: `${title} ${what}`,
      text: () => edited(data, way, by),
    });
    yield { title: `${title} removed`, text: () => edited(data, way, gone) };
    if (typeof value === "string") {
      yield put("longer", `${value}x`);
      for (const word of words) yield put(word, word);
    } else if (typeof value === "number") {
      yield put("more", value + 1);
      yield put("less", value - 1);
    } else if (typeof value === "boolean") yield put("turned", !value);
    else if (Array.isArray(value)) {
      if (value.length > 1) yield put("reversed", [...value].reverse());
    } else
      for (const [key, added] of additions)
        if (!Object.hasOwn(Object(value), key)) yield put(`with ${key}`, { ...Object(value), [key]: added });
  }
}

const gone = Symbol("gone");

function* waysInto(value: unknown, way: Way): Iterable<Way> {
  if (way.length > 0) yield way;
  if (typeof value !== "object" || value === null) return;
  for (const key of Array.isArray(value) ? value.keys() : Object.keys(value))
    yield* waysInto(at(value, [key]), [...way, key]);
}

function at(value: unknown, way: Way): unknown {
  return way.reduce<unknown>((inner, key) => Object(inner)[key], value);
}

function edited(data: unknown, way: Way, by: unknown): string {
  const copy = structuredClone(data);
  const parent = at(copy, way.slice(0, -1));
  const key = way.at(-1) ?? "";
  if (by !== gone) Object(parent)[key] = by;
  else if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else delete Object(parent)[key];
  return JSON.stringify(copy);
}
