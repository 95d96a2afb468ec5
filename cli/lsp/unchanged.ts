/** Places of a text in an earlier one: what stands before and behind all changes is where it was. */
import type { Span } from "../../compiler/read/tree.ts";

export interface Unchanged {
  /** The offset in the earlier text; undefined among what has changed. */
  toBefore(offset: number): number | undefined;
  /** The span in the present text; undefined where it touches what has changed. */
  toNow(span: Span): Span | undefined;
}

export function unchangedSince(before: string, now: string): Unchanged {
  const shorter = Math.min(before.length, now.length);
  let head = 0;
  while (head < shorter && before[head] === now[head]) head++;
  let tail = 0;
  while (tail < shorter - head && before[before.length - 1 - tail] === now[now.length - 1 - tail]) tail++;
  const shift = now.length - before.length;
  return {
    toBefore: (offset) => (offset < head ? offset : offset > now.length - tail ? offset - shift : undefined),
    toNow: ({ start, end }) => {
      if (end <= head) return { start, end };
      return start >= before.length - tail ? { start: start + shift, end: end + shift } : undefined;
    },
  };
}
