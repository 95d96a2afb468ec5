/** From the lines and columns of findings back to offsets. */
import type { Position, Range } from "../../schema/diagnostic.ts";
import type { Span } from "../read/tree.ts";

export interface Offsets {
  offset(position: Position): number;
  span(range: Range): Span;
  /** The offset at which a line begins, counted from 0, and that at which the next one does. */
  line(index: number): Span;
}

/** The inverse of `lineMap`: lines end at LF, CR LF or CR. */
export function offsetsOf(text: string): Offsets {
  const starts = [0];
  for (const { index, 0: end } of text.matchAll(/\r\n|\n|\r/g)) starts.push(index + end.length);
  const line = (index: number): Span => ({
    start: starts[index] ?? text.length,
    end: starts[index + 1] ?? text.length,
  });
  const offset = (position: Position): number =>
    Math.min(line(position.line - 1).start + position.column - 1, text.length);
  return {
    offset,
    line,
    span: ({ start, end }) => ({ start: offset(start), end: offset(end) }),
  };
}
