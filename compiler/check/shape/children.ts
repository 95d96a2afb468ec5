import type { PathStep } from "../../../schema/language/jsonpath.ts";
import { isKeyword } from "../../validate/schema-keywords.ts";
import { type Alternative, typesIn } from "./alternatives.ts";
import { below, keywords, type SchemaPlace, type SchemaReader } from "./schema-place.ts";
import type { TypeSet } from "./types.ts";

/** What an alternative says about one step of a path. */
export type Children =
  /** Each list is one possibility, whose schemas hold at once. */
  | { readonly kind: "declared"; readonly sets: readonly (readonly SchemaPlace[])[] }
  | { readonly kind: "unknown" }
  /** Maps with declared names, none of them this one, and open to others. */
  | { readonly kind: "undeclared"; readonly at: SchemaPlace; readonly known: readonly string[] }
  /** No value that satisfies the schema has it: a closed map, or a value of another type. */
  | {
      readonly kind: "absent";
      readonly at: SchemaPlace | undefined;
      readonly known: readonly string[];
      /** Set where the type alone excludes the step. */
      readonly types?: TypeSet;
    };

/** What stands under one step, by one alternative. */
export function childrenOf(reader: SchemaReader, alternative: Alternative, step: PathStep): Children {
  const types = typesIn(alternative);
  const fits = typeof step === "string" ? types.has("object") : types.has("array");
  const either = typeof step === "object" && step.kind === "wildcard";
  if (!fits && !(either && types.has("object")))
    return { kind: "absent", at: alternative.places.find(hasType), known: [], types };
  if (typeof step === "string") return property(reader, alternative, step);
  if (either && !types.has("array")) return values(reader, alternative);
  if (either && types.has("object") && alternative.places.some((place) => reader.namesIn(place).length > 0))
    return { kind: "unknown" };
  return items(alternative, typeof step === "number" ? step : undefined);
}

function hasType(place: SchemaPlace): boolean {
  return keywords(place).type !== undefined;
}

function property(reader: SchemaReader, { places, loose }: Alternative, name: string): Children {
  const declared = places.flatMap((place) => below(place, "properties", name) ?? []);
  // Named, but by no schema: that has a finding of its own.
  if (declared.length === 0 && places.some((place) => isBesideProperties(place, name)))
    return { kind: "unknown" };
  if (declared.length === 0 && places.some((place) => hasName(keywords(place).properties, name)))
    return { kind: "unknown" };
  const others = places.filter((place) => !below(place, "properties", name));
  const patterned = others.filter((place) => hasNames(keywords(place).patternProperties));
  const extra = others.filter((place) => !patterned.includes(place));
  const closed = extra.find((place) => keywords(place).additionalProperties === false);
  const known = (): readonly string[] => namesIn(reader, places);
  if (closed) return { kind: "absent", at: closed, known: known() };
  const further = extra.flatMap((place) => {
    const schema = below(place, "additionalProperties");
    return schema && typeof schema.schema === "object" ? [schema] : [];
  });
  if (declared.length > 0 || further.length > 0)
    return { kind: "declared", sets: [[...declared, ...further]] };
  const open = places.some((place) => keywords(place).additionalProperties !== undefined);
  if (loose || open || patterned.length > 0) return { kind: "unknown" };
  const speaker = places.find((place) => reader.namesIn(place).length > 0);
  const sealed = places.find((place) => keywords(place).unevaluatedProperties === false);
  if (sealed) return { kind: "absent", at: sealed, known: known() };
  return speaker ? { kind: "undeclared", at: speaker, known: known() } : { kind: "unknown" };
}

function namesIn(reader: SchemaReader, places: readonly SchemaPlace[]): readonly string[] {
  const lists = places.map((place) => reader.namesIn(place)).filter((names) => names.length > 0);
  return lists.length > 1 ? [...new Set(lists.flat())] : (lists[0] ?? []);
}

/** A property that stands a level too high is told of as no keyword. */
function isBesideProperties(place: SchemaPlace, name: string): boolean {
  const inner = keywords(place)[name];
  return typeof inner === "object" && inner !== null && !Array.isArray(inner) && !isKeyword(name);
}

function hasName(value: unknown, name: string): boolean {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name);
}

function hasNames(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length > 0;
}

/** Every value of a map: declared ones and those that `additionalProperties` describes. */
function values(reader: SchemaReader, { places, loose }: Alternative): Children {
  const [place, ...others] = places.filter(
    (one) => reader.namesIn(one).length > 0 || keywords(one).additionalProperties !== undefined,
  );
  if (!place || others.length > 0 || loose || hasNames(keywords(place).patternProperties))
    return { kind: "unknown" };
  const extra = below(place, "additionalProperties");
  if (extra?.schema === true) return { kind: "unknown" };
  const sets = reader.namesIn(place).flatMap((name) => {
    const schema = below(place, "properties", name);
    return schema ? [[schema]] : [];
  });
  return { kind: "declared", sets: extra && typeof extra.schema === "object" ? [...sets, [extra]] : sets };
}

/** An element of a list: the one at `index`, or any. */
function items({ places }: Alternative, index: number | undefined): Children {
  const found: SchemaPlace[] = [];
  for (const place of places) {
    const { prefixItems } = keywords(place);
    const first = Array.isArray(prefixItems) ? prefixItems.length : 0;
    if (first > 0 && (index === undefined || index < 0)) return { kind: "unknown" };
    const schema =
      index !== undefined && index >= 0 && index < first
        ? below(place, "prefixItems", index)
        : below(place, "items");
    if (schema?.schema === false) return { kind: "absent", at: place, known: [] };
    if (schema) found.push(schema);
  }
  return found.length === 0 ? { kind: "unknown" } : { kind: "declared", sets: [found] };
}
