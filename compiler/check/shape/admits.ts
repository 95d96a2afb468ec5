import type { Json } from "../../../schema/ir.ts";
import type { Pointer } from "../../read/tree.ts";
import { expand } from "./alternatives.ts";
import { Budget } from "./budget.ts";
import { keywords, type SchemaPlace, type SchemaReader } from "./schema-place.ts";

/** Why a schema refuses a number. */
export interface Refusal {
  /** "at most 100". */
  readonly bound: string;
  /** The nearest number that it admits, where that is plain. */
  readonly nearest: number | undefined;
  /** Where the bound stands, unless in a schema file. */
  readonly path: Pointer | undefined;
}

/** The bound that a number breaks in every way of satisfying the schema; undefined where one may admit it. */
export function refusalOf(reader: SchemaReader, place: SchemaPlace, value: number): Refusal | undefined {
  const alternatives = expand(reader, [place], new Budget(500, reader.budget));
  let first: Refusal | undefined;
  for (const { places } of alternatives) {
    const refusal = firstOf(places, value);
    if (!refusal) return undefined;
    first ??= refusal;
  }
  return first;
}

function firstOf(places: readonly SchemaPlace[], value: number): Refusal | undefined {
  for (const place of places)
    for (const [keyword, test] of Object.entries(tests)) {
      const bound = keywords(place)[keyword];
      const broken = bound === undefined ? undefined : test(bound, value);
      if (broken) return { ...broken, path: place.path && [...place.path, keyword] };
    }
  return undefined;
}

type Test = (bound: Json, value: number) => Pick<Refusal, "bound" | "nearest"> | undefined;

const tests: { readonly [keyword: string]: Test } = {
  maximum: numeric((bound, value) => value > bound, "at most", 0),
  exclusiveMaximum: numeric((bound, value) => value >= bound, "below", -1),
  minimum: numeric((bound, value) => value < bound, "at least", 0),
  exclusiveMinimum: numeric((bound, value) => value <= bound, "above", 1),
  const: (bound, value) => (same(bound, value) ? undefined : only([bound])),
  enum: (bound, value) =>
    !Array.isArray(bound) || bound.some((one: Json) => same(one, value)) ? undefined : only(bound),
};

function numeric(breaks: (bound: number, value: number) => boolean, words: string, step: number): Test {
  return (bound, value) =>
    typeof bound === "number" && breaks(bound, value)
      ? {
          bound: `${words} ${bound}`,
          nearest: Number.isInteger(bound) && bound + step >= 0 ? bound + step : undefined,
        }
      : undefined;
}

/** A parameter that is text takes the number as text. */
function same(bound: Json, value: number): boolean {
  return bound === value || bound === String(value);
}

function only(values: readonly Json[]): Pick<Refusal, "bound" | "nearest"> {
  const shown = values.slice(0, 8).map((one) => JSON.stringify(one));
  return {
    bound: `one of ${shown.join(", ")}${values.length > 8 ? ", …" : ""}`,
    nearest: undefined,
  };
}
