/** What one comparison of two connectors knows about their schemas: which shared ones can differ at all. */
import type { Json } from "../../../schema/ir.ts";
import { canonical } from "../canonical.ts";
import type { SchemaDifference } from "./difference.ts";
import { decodeToken, isObject, type Located, type Schemas } from "./resolve.ts";

/** Two shared schemas that are used in the same place. */
export interface SharedPair {
  readonly old: Located;
  readonly new: Located;
}

/** What two schemas differ in, as far as the shared schemas that they refer to. */
export interface PartialComparison {
  readonly differences: readonly SchemaDifference[];
  readonly shared: ReadonlyMap<string, SharedPair>;
}

export interface SchemaScope {
  /** Comparisons of shared schemas by their names. */
  readonly memo: Map<string, PartialComparison>;
  readonly old: Schemas;
  readonly new: Schemas;
  /** True where both say the same, word for word, whatever they refer to included: most of a descriptor. */
  isUntouched(old: Located, now: Located): boolean;
  /** True where the value refers to a schema that differs. */
  refersToTouched(value: Json): boolean;
}

export function createSchemaScope(old: Schemas, now: Schemas): SchemaScope {
  const texts = new WeakMap<object, string>();
  const textOf = (value: Json): string => {
    if (typeof value !== "object" || value === null) return canonical(value);
    const known = texts.get(value);
    if (known !== undefined) return known;
    const text = canonical(value);
    texts.set(value, text);
    return text;
  };
  const touched = touchedNames(old, now, textOf);
  const refersToTouched = cached((value) => sharedNames(value).some((name) => touched.has(name)));
  const refersInside = cached((value) => references(value).some((ref) => !ref.startsWith("#/schemas/")));
  return {
    memo: new Map(),
    old,
    new: now,
    refersToTouched,
    isUntouched: (a, b) =>
      textOf(a.schema) === textOf(b.schema) &&
      (!refersInside(a.schema) || textOf(a.root.schema) === textOf(b.root.schema)) &&
      !refersToTouched(a.schema) &&
      (a.root.schema === a.schema || !refersInside(a.schema) || !refersToTouched(a.root.schema)),
  };
}

/** Shared schemas that differ, and those that refer to one that does, through any number of steps. */
function touchedNames(old: Schemas, now: Schemas, textOf: (value: Json) => string): ReadonlySet<string> {
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  const own = (schemas: Schemas, name: string): Json | undefined =>
    Object.hasOwn(schemas, name) ? schemas[name] : undefined;
  const isSame = (name: string): boolean => {
    const [a, b] = [own(old, name), own(now, name)];
    return a !== undefined && b !== undefined && textOf(a) === textOf(b);
  };
  const touched = new Set(names.filter((name) => !isSame(name)));
  const users = new Map<string, string[]>();
  for (const name of names)
    for (const target of sharedNames(own(now, name) ?? true))
      if (!users.get(target)?.push(name)) users.set(target, [name]);
  const queue = [...touched];
  for (let name = queue.pop(); name !== undefined; name = queue.pop())
    for (const user of users.get(name) ?? [])
      if (!touched.has(user)) {
        touched.add(user);
        queue.push(user);
      }
  return touched;
}

/** The shared schemas that a schema refers to. */
function sharedNames(value: Json): readonly string[] {
  return references(value).flatMap((ref) => {
    const name = /^#\/schemas\/([^/]+)/.exec(ref)?.[1];
    return name === undefined ? [] : [decodeToken(name)];
  });
}

/** Asks each object once. */
function cached(ask: (value: Json) => boolean): (value: Json) => boolean {
  const known = new WeakMap<object, boolean>();
  return (value) => {
    if (typeof value !== "object" || value === null) return false;
    const before = known.get(value);
    if (before !== undefined) return before;
    const answer = ask(value);
    known.set(value, answer);
    return answer;
  };
}

function references(value: Json): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item: Json) => references(item));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === "$ref" && typeof inner === "string" ? [inner] : references(inner),
  );
}
