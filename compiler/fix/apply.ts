import type { Fix } from "../../schema/diagnostic.ts";
import { lineMap } from "../read/lines.ts";

/** A text with fixes applied, and which of them: one that overlaps an earlier one waits for another round. */
export interface Applied<T> {
  readonly text: string;
  readonly applied: readonly T[];
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Applies the fixes of findings to the text that they were found in, each whole or not at all, the first in order first. */
export function applyFixes<T extends { readonly fix?: Fix }>(
  text: string,
  findings: readonly T[],
): Applied<T> {
  const lines = lineMap(text);
  const fixes = findings
    .flatMap((finding) => {
      const edits = (finding.fix?.edits ?? []).map(
        (edit): Edit => ({
          start: lines.offset(edit.range.start),
          end: lines.offset(edit.range.end),
          text: edit.text,
        }),
      );
      return edits.length > 0
        ? [{ finding, edits, start: Math.min(...edits.map(({ start }) => start)) }]
        : [];
    })
    .sort((a, b) => a.start - b.start);
  const taken = new Set<number>();
  const applied: T[] = [];
  const edits: Edit[] = [];
  const occupied: Edit[] = [];
  for (const fix of fixes) {
    if (fix.edits.some((edit) => clashes(edit, occupied, taken))) continue;
    for (const edit of fix.edits) occupy(edit, occupied, taken);
    edits.push(...fix.edits);
    applied.push(fix.finding);
  }
  return { text: spliced(text, edits), applied };
}

/** Two edits clash where they overlap, and where both insert at one place: their order would be a guess. */
function clashes(edit: Edit, occupied: readonly Edit[], taken: ReadonlySet<number>): boolean {
  if (edit.start === edit.end && taken.has(edit.start)) return true;
  const index = firstEndingAfter(occupied, edit.start);
  const next = occupied[index];
  return (
    next !== undefined && next.start < Math.max(edit.end, edit.start + (edit.start === edit.end ? 0 : 1))
  );
}

/** Keeps the occupied ranges in order; insertions are kept by their place alone. */
function occupy(edit: Edit, occupied: Edit[], taken: Set<number>): void {
  if (edit.start === edit.end) taken.add(edit.start);
  else occupied.splice(firstEndingAfter(occupied, edit.start), 0, edit);
}

function firstEndingAfter(occupied: readonly Edit[], at: number): number {
  let low = 0;
  let high = occupied.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((occupied[middle]?.end ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

function spliced(text: string, edits: readonly Edit[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const edit of [...edits].sort((a, b) => a.start - b.start || a.end - b.end)) {
    parts.push(text.slice(at, edit.start), edit.text);
    at = edit.end;
  }
  return parts.join("") + text.slice(at);
}
