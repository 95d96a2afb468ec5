import { isSingular, type PathStep } from "../../../schema/language/jsonpath.ts";
import type { Cursor } from "../../lower/cursor.ts";
import type { DeclaredOperation } from "../../lower/declared.ts";
import type { Model } from "../../lower/lower.ts";
import type { Lowering } from "../../lower/lowering.ts";
import { knownSteps } from "./paths.ts";
import { SchemaReader } from "./schema-place.ts";
import { type Shape, shapeAt, shapeOf } from "./shape.ts";

/** What an operation's `response_schema` says of its answer. */
export interface Answer {
  readonly whole: Shape;
  /** What `records_path` leads to. */
  readonly records: Shape;
  /** One record. */
  readonly record: Shape;
  /** Whether `records_path` names one place, so that a map there is one record. */
  readonly singular: boolean;
}

const unknown: Shape = { kind: "unknown" };
const wildcard: PathStep = { kind: "wildcard" };

/** The answers of one descriptor's operations: several rules ask about each. */
export class Answers {
  readonly reader: SchemaReader;
  readonly #known = new Map<DeclaredOperation, Answer | undefined>();

  constructor(lowering: Lowering) {
    this.reader = new SchemaReader(lowering);
  }

  /** Undefined where the operation has no schema that could be read. */
  of(operation: DeclaredOperation): Answer | undefined {
    if (!this.#known.has(operation)) this.#known.set(operation, answerOf(this.reader, operation));
    return this.#known.get(operation);
  }
}

/** Kept for as long as the model that they are about. */
const answers = new WeakMap<Lowering, Answers>();

/** The answers of a model, read once for all rules. */
export function answersOf({ lowering }: Pick<Model, "lowering">): Answers {
  const known = answers.get(lowering) ?? new Answers(lowering);
  answers.set(lowering, known);
  return known;
}

function answerOf(reader: SchemaReader, { at }: DeclaredOperation): Answer | undefined {
  const place = reader.at(at.at("response_schema"));
  if (!place) return undefined;
  const whole = shapeOf(reader, place);
  const text = recordsPath(at) ?? "$";
  const known = knownSteps(text);
  const singular = known?.whole === true && isSingular({ kind: "plain", text, steps: known.steps });
  const records = known ? shapeAt(reader, whole, known.steps) : unknown;
  return { whole, records, singular, record: known?.whole ? recordOf(reader, records, singular) : unknown };
}

/** `records_path` as it is written. */
export function recordsPath(operation: Cursor): string | undefined {
  return operation.at("response").at("records_path").string();
}

/** A path to one place names the list, or the one record, that is there; a path to many names the records. */
function recordOf(reader: SchemaReader, records: Shape, singular: boolean): Shape {
  if (!singular || records.kind !== "found") return records;
  if (!records.types.has("array")) return records;
  // Where it may be either, the list is meant.
  const lists = records.alternatives.map((one) => ({
    ...one,
    places: [...one.places, { schema: { type: "array" }, path: undefined, home: undefined }],
  }));
  return shapeAt(reader, { ...records, alternatives: lists }, [wildcard]);
}
