import type { ErrorObject } from "ajv";
import type { Report } from "../diagnostics.ts";
import { maxFindings } from "../read/limits.ts";
import { type Node, type Pointer, pointerText, type Span } from "../read/tree.ts";
import type { Shape } from "./shape.ts";
import { type Traced, tracer } from "./trace.ts";

/** What a precompiled validator says of a value. */
export type Validator = { (data: unknown): boolean; errors?: ErrorObject[] | null };

/** The two that are made of one schema. */
export interface Judge {
  /** Whether a value is right, and no more. */
  readonly isRight: (data: unknown) => boolean;
  /** Asked for when something is wrong: few runs need it, and the program loads it only then. */
  readonly validator: () => Validator;
}

/** An error of the validator, with the value that it is about. */
export interface Fault extends Traced {
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly schemaPath: string;
}

/** Several faults make one finding (each key that a map lacks, each branch), but never as many as this in a whole file. */
const mostFaults = 20 * maxFindings;

/** Everything that a validator finds in the value of a tree, in its order. */
export function faults(judge: Judge, value: unknown, root: Node, shape?: Shape): readonly Fault[] {
  if (judge.isRight(value)) return [];
  const validator = judge.validator();
  if (validator(value)) return [];
  const trace = tracer(root, shape);
  return (validator.errors ?? [])
    .slice(0, mostFaults)
    .flatMap(({ keyword, params, schemaPath, instancePath }) => {
      const found = trace(instancePath);
      return found ? [{ ...found, keyword, params, schemaPath }] : [];
    });
}

/** What telling a fault needs to know of the document. */
export interface Telling {
  readonly report: Report;
  /** The author's own tree, for positions. */
  readonly source: Node;
  /** Offset at which the document begins in its file. */
  readonly start: number;
  readonly original: (to: Pointer) => Pointer;
  /** Pointers of values that were reported; a second fault of one is not told. */
  readonly broken: Set<string>;
}

/** True the first time that a value is at fault; what stands below or above it counts by itself. */
export function isNews(telling: Telling, to: Pointer): boolean {
  const pointer = pointerText(to);
  if (telling.broken.has(pointer)) return false;
  telling.broken.add(pointer);
  return true;
}

/** Where a value shows: its own text, or its key where it has none (`operations:` and nothing more). */
export function shownAt({ node, keySpan }: Fault): { readonly at: "value" | "key"; readonly span: Span } {
  const isWritten = node.end > node.start || !keySpan;
  return isWritten ? { at: "value", span: node.span } : { at: "key", span: keySpan };
}
