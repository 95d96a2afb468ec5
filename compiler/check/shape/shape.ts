import type { PathStep } from "../../../schema/language/jsonpath.ts";
import { type Alternative, expand, typesAmong } from "./alternatives.ts";
import { Budget } from "./budget.ts";
import { type Children, childrenOf } from "./children.ts";
import type { SchemaPlace, SchemaReader } from "./schema-place.ts";
import type { TypeSet } from "./types.ts";

/** What a schema says about a path. It never says less than may be: where it is not sure, it is `unknown`. */
export type Shape =
  | { readonly kind: "unknown" }
  | { readonly kind: "found"; readonly types: TypeSet; readonly alternatives: readonly Alternative[] }
  /** `undeclared`: a map lists its names, and this is none of them. `absent`: no answer that fits has it. */
  | {
      readonly kind: "undeclared" | "absent";
      readonly step: PathStep;
      readonly at: SchemaPlace | undefined;
      readonly known: readonly string[];
      /** Set where the value before the step is of a type that has no such step. */
      readonly types?: TypeSet;
    };

/** Schemas that one question may look at. */
const budgetOfPlaces = 2000;

const nothingKnown = { kind: "unknown" } as const;

/** What a schema says about all that satisfies it. */
export function shapeOf(reader: SchemaReader, place: SchemaPlace): Shape {
  return found(expand(reader, [place], new Budget(budgetOfPlaces, reader.budget)));
}

/** What lies at the end of `steps` from a shape. */
export function shapeAt(reader: SchemaReader, from: Shape, steps: readonly PathStep[]): Shape {
  const budget = new Budget(budgetOfPlaces, reader.budget);
  let shape = from;
  for (const step of steps) {
    if (shape.kind !== "found") return shape;
    shape = shapeBelow(reader, shape.alternatives, step, budget);
  }
  return shape;
}

function shapeBelow(
  reader: SchemaReader,
  alternatives: readonly Alternative[],
  step: PathStep,
  budget: Budget,
): Shape {
  const next: Alternative[] = [];
  const missing: Exclude<Children, { kind: "declared" | "unknown" }>[] = [];
  for (const alternative of alternatives) {
    const children = budget.take(1 + alternative.places.length)
      ? childrenOf(reader, alternative, step)
      : nothingKnown;
    if (children.kind === "unknown") return nothingKnown;
    if (children.kind === "declared")
      for (const set of children.sets) next.push(...expand(reader, set, budget));
    else missing.push(children);
  }
  if (next.length > 0) return found(next);
  // Wide maps make long lists of names, and each is compared with the one that was not found.
  if (!reader.budget.take(missing.reduce((sum, { known }) => sum + known.length, 0))) return nothingKnown;
  const told =
    missing.find(({ kind }) => kind === "undeclared") ??
    missing.find(({ known }) => known.length > 0) ??
    missing.find((one) => one.kind === "absent" && !isNull(one.types)) ??
    missing[0];
  return told ? { ...told, step } : { kind: "absent", step, at: undefined, known: [] };
}

function isNull(types: TypeSet | undefined): boolean {
  return types?.size === 1 && types.has("null");
}

/** A schema that nothing satisfies is a mistake of its own: nothing is said about paths into it. */
function found(alternatives: readonly Alternative[]): Shape {
  if (alternatives.length === 0 || alternatives.length > 256) return { kind: "unknown" };
  return { kind: "found", types: typesAmong(alternatives), alternatives };
}
