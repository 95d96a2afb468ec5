/**
 * A schema as the sum of all that must hold: its own keywords, those of what it refers to, those of `allOf`. Two
 * schemas that say the same in other pieces have the same view.
 */
import type { Json } from "../../../schema/ir.ts";
import type { Pointer } from "../../read/tree.ts";
import { canonical } from "../canonical.ts";
import { below, follow, isObject, isSchema, type Located, type Schemas } from "./resolve.ts";

/** Schemas that must hold together; none at all admits everything. */
export type Conjunction = readonly Located[];

export interface Union {
  readonly keyword: "anyOf" | "oneOf";
  readonly branches: readonly Located[];
  readonly at: Pointer;
}

export interface View {
  /** False admits nothing. */
  readonly possible: boolean;
  readonly properties: ReadonlyMap<string, Conjunction>;
  readonly required: ReadonlyMap<string, Pointer>;
  readonly unions: readonly Union[];
  /** Every other assertion: keyword, then the values given for it with their places. */
  readonly keywords: ReadonlyMap<string, readonly { readonly value: Json; readonly from: Located }[]>;
  /** Words that say nothing about validity, as canonical text. */
  readonly annotations: string;
  /** The schema itself, or what it refers to where it does nothing else: what a shared schema says is said there. */
  readonly home: Located;
  readonly at: Pointer;
  /** References that lead nowhere. */
  readonly unresolved: readonly string[];
}

const annotations: ReadonlySet<string> = new Set([
  "title",
  "description",
  "default",
  "examples",
  "example",
  "deprecated",
  "readOnly",
  "writeOnly",
  "contentEncoding",
  "contentMediaType",
  "contentSchema",
]);

/** Keywords that matter only where something refers to them. */
const silent: ReadonlySet<string> = new Set([
  "$defs",
  "definitions",
  "$schema",
  "$id",
  "$anchor",
  "$dynamicAnchor",
]);

const assertions: ReadonlySet<string> = new Set([
  ...["type", "enum", "const", "format", "pattern", "multipleOf", "uniqueItems"],
  ...["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength"],
  ...["minItems", "maxItems", "minProperties", "maxProperties", "minContains", "maxContains"],
  ...["items", "prefixItems", "contains", "additionalProperties", "patternProperties", "propertyNames"],
  ...["unevaluatedProperties", "unevaluatedItems", "not", "if", "then", "else"],
  ...["dependentRequired", "dependentSchemas", "$dynamicRef"],
]);

export function view(conjunction: Conjunction, schemas: Schemas): View {
  const properties = new Map<string, Located[]>();
  const required = new Map<string, Pointer>();
  const unions: Union[] = [];
  const keywords = new Map<string, { value: Json; from: Located }[]>();
  const words: Json[] = [];
  const unresolved: string[] = [];
  const seen = new Set<unknown>();
  let possible = true;
  const add = (located: Located): void => {
    const { schema } = located;
    if (typeof schema === "boolean") {
      possible &&= schema;
      return;
    }
    // A reference to itself among what must hold adds nothing.
    if (seen.has(schema)) return;
    seen.add(schema);
    for (const [keyword, value] of Object.entries(schema)) {
      if (keyword === "$ref" && typeof value === "string") {
        const target = follow(value, located, schemas);
        if (target) todo.push(target);
        else unresolved.push(value);
      } else if (keyword === "allOf" && Array.isArray(value)) {
        for (const [index, part] of value.entries()) todo.push(below(located, part, "allOf", index));
      } else if ((keyword === "anyOf" || keyword === "oneOf") && Array.isArray(value)) {
        const branches = value.map((branch: Json, index: number) => below(located, branch, keyword, index));
        unions.push({ keyword, branches, at: [...located.at, keyword] });
      } else if (keyword === "properties" && isObject(value)) {
        for (const [name, inner] of Object.entries(value))
          if (isSchema(inner))
            properties.set(name, [
              ...(properties.get(name) ?? []),
              below(located, inner, "properties", name),
            ]);
      } else if (keyword === "required" && Array.isArray(value)) {
        for (const name of value)
          if (typeof name === "string") required.set(name, [...located.at, "required"]);
      } else if (assertions.has(keyword)) {
        const known = keywords.get(keyword);
        if (known) known.push({ value, from: located });
        else keywords.set(keyword, [{ value, from: located }]);
      } else if (annotations.has(keyword) || !silent.has(keyword)) words.push([keyword, value]);
    }
  };
  const todo = [...conjunction].reverse();
  for (let located = todo.pop(); located; located = todo.pop()) add(located);
  const home = homeOf(conjunction[0] ?? anything, schemas);
  return {
    possible,
    properties,
    required,
    unions,
    keywords,
    annotations: words.map(canonical).sort().join("\n"),
    home,
    at: home.at,
    unresolved,
  };
}

const anything: Located = { schema: true, at: [], root: { schema: true, at: [] } };

/** Chains of references longer than this are circles. */
const maxSteps = 50;

/** What a schema is that does nothing but refer, with or without words beside the reference. */
export function homeOf(located: Located, schemas: Schemas): Located {
  let home = located;
  for (let step = 0; step < maxSteps; step++) {
    const { schema } = home;
    if (!isObject(schema) || typeof schema.$ref !== "string") return home;
    if (Object.keys(schema).some((key) => key !== "$ref" && !annotations.has(key))) return home;
    const target = follow(schema.$ref, home, schemas);
    if (!target) return home;
    home = target;
  }
  return located;
}
