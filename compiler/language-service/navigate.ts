/** From a name to what it names, and to every other place that writes it. */
import type { Span } from "../read/tree.ts";
import { type Analysis, documentAt } from "./analysis.ts";
import { type Occurrence, occurrenceAt, occurrencesOf } from "./symbols.ts";

export interface Target {
  readonly span: Span;
}

/** Where the name at an offset is declared; of an implied one, what implies it. */
export function definitionsAt(analysis: Analysis, offset: number): readonly Target[] {
  const document = documentAt(analysis, offset);
  const occurrence = document && occurrenceAt(document.symbols(), offset);
  if (!occurrence) return [];
  return occurrence.symbols.map(({ span }) => ({ span }));
}

/** Every place that writes the name at an offset. */
export function referencesAt(
  analysis: Analysis,
  offset: number,
  withDeclaration: boolean,
): readonly Occurrence[] {
  const document = documentAt(analysis, offset);
  const occurrence = document && occurrenceAt(document.symbols(), offset);
  if (!occurrence || occurrence.symbols.length === 0) return [];
  const all = occurrencesOf(document.symbols(), occurrence.symbols);
  return withDeclaration ? all : all.filter(({ role }) => role === "reference");
}
