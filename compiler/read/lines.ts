import type { Position, Range } from "../../schema/diagnostic.ts";
import type { Span } from "./tree.ts";

/** Line and column of offsets in one text. Lines end at LF, CR LF or CR. */
export interface LineMap {
  position(offset: number): Position;
  range(span: Span): Range;
  /** The offset of a position; one past the end of its text is its end. */
  offset(position: Position): number;
}

export function lineMap(text: string): LineMap {
  let starts: number[] | undefined;
  const position = (offset: number): Position => {
    starts ??= lineStarts(text);
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  };
  const offset = ({ line, column }: Position): number => {
    starts ??= lineStarts(text);
    return Math.min((starts[line - 1] ?? text.length) + column - 1, text.length);
  };
  return { position, offset, range: (span) => ({ start: position(span.start), end: position(span.end) }) };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 10 || (code === 13 && text.charCodeAt(at + 1) !== 10)) starts.push(at + 1);
  }
  return starts;
}
