/** `anyOf` and `oneOf`: which branch of the one is which of the other. */
import type { Json, JsonObject } from "../../../schema/ir.ts";
import { canonical } from "../canonical.ts";
import { below, isObject, type Located } from "./resolve.ts";
import type { Conjunction, Union, View } from "./view.ts";

export interface Branches {
  readonly pairs: readonly (readonly [old: Located, now: Located])[];
  readonly removed: readonly Located[];
  readonly added: readonly Located[];
}

/** What tells a branch from its neighbours, surest first. */
const marks: readonly ((branch: Located) => string | undefined)[] = [
  ({ schema }) => canonical(schema),
  ({ schema }) => textOf(isObject(schema) ? schema.$ref : undefined),
  ({ schema }) => constants(schema),
  ({ schema }) => textOf(isObject(schema) ? schema.title : undefined),
  ({ schema }) => textOf(isObject(schema) ? schema.type : undefined),
];

export function pairBranches(old: readonly Located[], now: readonly Located[]): Branches {
  const pairs: (readonly [Located, Located])[] = [];
  let removed = old;
  let added = now;
  for (const mark of marks) {
    const twins = new Map<string, Located[]>();
    for (const branch of [...added].reverse()) {
      const key = mark(branch);
      if (key === undefined) continue;
      const others = twins.get(key);
      if (others) others.push(branch);
      else twins.set(key, [branch]);
    }
    const [gone, come] = [new Set<Located>(), new Set<Located>()];
    for (const branch of removed) {
      const twin = twins.get(mark(branch) ?? "")?.pop();
      if (!twin) continue;
      pairs.push([branch, twin]);
      gone.add(branch);
      come.add(twin);
    }
    removed = removed.filter((branch) => !gone.has(branch));
    added = added.filter((branch) => !come.has(branch));
  }
  const [gone] = removed;
  const [come] = added;
  if (gone && come && removed.length === 1 && added.length === 1 && sameKind(gone, come))
    return { pairs: [...pairs, [gone, come]], removed: [], added: [] };
  return { pairs, removed, added };
}

/** A branch may have become another only where neither says of which type it is. */
function sameKind(a: Located, b: Located): boolean {
  const type = ({ schema }: Located): string | undefined =>
    textOf(isObject(schema) ? schema.type : undefined);
  return type(a) === undefined || type(b) === undefined;
}

/** The constant properties of a branch: a discriminator. */
function constants(schema: Json): string | undefined {
  if (!isObject(schema) || !isObject(schema.properties)) return undefined;
  const found = Object.entries(schema.properties).flatMap(([name, inner]) =>
    isObject(inner) && inner.const !== undefined ? [[name, inner.const]] : [],
  );
  return found.length > 0 ? canonical(found) : undefined;
}

function textOf(value: Json | undefined): string | undefined {
  return value === undefined ? undefined : canonical(value);
}

/** True for a schema that is nothing but one union. */
export function isPureUnion(view: View): view is View & { readonly unions: readonly [Union] } {
  return (
    view.possible &&
    view.unions.length === 1 &&
    view.keywords.size === 0 &&
    view.properties.size === 0 &&
    view.required.size === 0
  );
}

/** What a schema that is no union would be as one: a branch for each of its types. */
export function asBranches(conjunction: Conjunction): readonly Located[] | undefined {
  const [located, other] = conjunction;
  if (!located || other) return undefined;
  const { schema } = located;
  if (!isObject(schema) || schema.$ref !== undefined || schema.allOf !== undefined) return [located];
  if (!Array.isArray(schema.type)) return [located];
  return schema.type.map((type: Json) => ({
    ...below(located, ofType(schema, String(type))),
    at: located.at,
  }));
}

function ofType(schema: JsonObject, type: string): JsonObject {
  const entries = Object.entries(schema).filter(([keyword]) => (owners[keyword] ?? type) === type);
  return { ...Object.fromEntries(entries), type };
}

/** Keywords that speak of one type alone. */
const owners: { readonly [keyword: string]: string } = {
  properties: "object",
  required: "object",
  additionalProperties: "object",
  patternProperties: "object",
  propertyNames: "object",
  minProperties: "object",
  maxProperties: "object",
  items: "array",
  prefixItems: "array",
  minItems: "array",
  maxItems: "array",
  uniqueItems: "array",
  contains: "array",
  minLength: "string",
  maxLength: "string",
  pattern: "string",
  format: "string",
};
