/** Exact places inside scalars, those of several lines included. */
import { spanInScalar } from "../read/scalar.ts";
import type { ScalarNode, Span } from "../read/tree.ts";

/** The source span of `from`..`to` of a scalar's text; undefined where the text has no simple inverse. */
export function placeIn(text: string, scalar: ScalarNode, from: number, to: number): Span | undefined {
  if (!isManyLines(text, scalar)) return spanInScalar(text, scalar, from, to);
  const offsets = alignedOffsets(text, scalar);
  const start = offsets?.[from];
  const last = offsets?.[to - 1];
  return start === undefined || last === undefined ? undefined : { start, end: last + 1 };
}

/** The offset in a scalar's text that an offset in the source stands at; undefined where it cannot be told. */
export function offsetIn(text: string, scalar: ScalarNode, offset: number): number | undefined {
  const { start, end } = scalar.span;
  if (offset < start || offset > end) return undefined;
  const length = String(scalar.value ?? "").length;
  if (isManyLines(text, scalar)) {
    const offsets = alignedOffsets(text, scalar);
    if (!offsets) return undefined;
    const at = offsets.findIndex((one) => one >= offset);
    return at < 0 ? length : at;
  }
  for (let at = 0; at <= length; at++) if (spanInScalar(text, scalar, at, at).start >= offset) return at;
  return length;
}

/** The text of a scalar or key without its quotes. */
export function withoutQuotes(text: string, span: Span): Span {
  const quoted = text[span.start] === '"' || text[span.start] === "'";
  return quoted && span.end - span.start >= 2 ? { start: span.start + 1, end: span.end - 1 } : span;
}

function isManyLines(text: string, { style, span }: ScalarNode): boolean {
  return style === "block" || /[\r\n]/.test(text.slice(span.start, span.end));
}

/** Known for a scalar once asked: a body of many holes stays linear. */
const known = new WeakMap<ScalarNode, readonly number[] | null>();

function alignedOffsets(text: string, scalar: ScalarNode): readonly number[] | undefined {
  let offsets = known.get(scalar);
  if (offsets === undefined) {
    offsets = align(text, scalar) ?? null;
    known.set(scalar, offsets);
  }
  return offsets ?? undefined;
}

/** Blanks fold and indent; every other character stands in the source as in the value, unless it is escaped. */
function align(text: string, { value, style, span }: ScalarNode): readonly number[] | undefined {
  const wanted = String(value ?? "");
  let at = span.start;
  let { end } = span;
  if (style === "block") at = text.indexOf("\n", at) + 1;
  if (style === "single" || style === "double") {
    at += 1;
    end -= 1;
  }
  if (style === "double" && text.slice(at, end).includes("\\")) return escapedOffsets(text, at, end, wanted);
  const offsets: number[] = [];
  for (const unit of wanted.split("")) {
    if (/\s/.test(unit)) {
      offsets.push(Math.min(at, end));
      if (at < end && /\s/.test(text[at] ?? "")) at += 1;
      continue;
    }
    while (at < end && /\s/.test(text[at] ?? "")) at += 1;
    if (at >= end || text[at] !== unit) return undefined;
    offsets.push(at);
    at += style === "single" && unit === "'" ? 2 : 1;
  }
  return offsets;
}

/** Of a double-quoted text over several lines with escapes: where each UTF-16 unit of the value begins. */
function escapedOffsets(
  text: string,
  from: number,
  to: number,
  wanted: string,
): readonly number[] | undefined {
  const offsets: number[] = [];
  let value = "";
  const add = (units: string, at: number): void => {
    value += units;
    for (let unit = 0; unit < units.length; unit++) offsets.push(at);
  };
  const source = text.slice(from, to);
  for (const { 0: piece, index } of source.matchAll(pieces)) {
    const at = from + index;
    if (piece.startsWith("\\")) add(unescaped(piece), at);
    else if (/[\r\n]/.test(piece)) {
      // One line break is a blank, each further one a line break of the text.
      const breaks = piece.match(/\r\n|\n|\r/g)?.length ?? 1;
      add(breaks === 1 ? " " : "\n".repeat(breaks - 1), at);
    } else add(piece, at);
  }
  return value === wanted ? offsets : undefined;
}

/** An escape, a line break with the blanks around it, or one unit. */
const pieces =
  /\\(?:\r\n[ \t]*|[\r\n][ \t]*|x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)|[ \t]*[\r\n][ \t\r\n]*|./gs;

/** The characters that an escape of YAML stands for (YAML 1.2.2, 5.7); an escaped line break stands for none. */
function unescaped(written: string): string {
  const name = written[1] ?? "";
  if (/[\r\n]/.test(name)) return "";
  if (/[xuU]/.test(name)) {
    const point = Number.parseInt(written.slice(2), 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : "";
  }
  return namedEscapes[name] ?? name;
}

const namedEscapes: { readonly [name: string]: string } = {
  ...{ "0": "\0", a: "\x07", b: "\b", t: "\t", n: "\n", v: "\v", f: "\f", r: "\r", e: "\x1b" },
  ...{ N: "\x85", _: "\xa0", L: "\u2028", P: "\u2029" },
};
