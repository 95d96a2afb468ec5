/** Exact places inside scalars, those of several lines included. */
import { exactSpan } from "../read/scalar.ts";
import type { ScalarNode, Span } from "../read/tree.ts";

/** The offset in a scalar's text that an offset in the source stands at; undefined where it cannot be told. */
export function offsetIn(text: string, scalar: ScalarNode, offset: number): number | undefined {
  const { start, end } = scalar.span;
  if (offset < start || offset > end) return undefined;
  const { length } = String(scalar.value ?? "");
  for (let at = 0; at <= length; at++) {
    const place = exactSpan(text, scalar, at, at);
    if (!place) return undefined;
    if (place.start >= offset) return at;
  }
  return length;
}

/** The text of a scalar or key without its quotes. */
export function withoutQuotes(text: string, span: Span): Span {
  const quoted = text[span.start] === '"' || text[span.start] === "'";
  return quoted && span.end - span.start >= 2 ? { start: span.start + 1, end: span.end - 1 } : span;
}
