import type { ScalarNode } from "./tree.ts";

/** Of a text over several lines: where each UTF-16 unit of the value begins and ends in the source. */
export interface Lines {
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/** Where the units of a text over several lines stand; undefined where the source does not give that value. */
export function overLines(text: string, node: ScalarNode): Lines | undefined {
  const { value, style, span } = node;
  const isQuoted = style === "single" || style === "double";
  const from = style === "block" ? text.indexOf("\n", span.start) + 1 : span.start + (isQuoted ? 1 : 0);
  const to = span.end - (isQuoted ? 1 : 0);
  const wanted = String(value ?? "");
  return style === "double" && text.slice(from, to).includes("\\")
    ? withEscapes(text, from, to, wanted)
    : withoutEscapes(text, from, to, wanted, style);
}

/** Blanks fold and indent; all else stands in the source as in the value, a doubled single quote excepted. */
function withoutEscapes(
  text: string,
  from: number,
  to: number,
  wanted: string,
  style: ScalarNode["style"],
): Lines | undefined {
  let at = from;
  const starts: number[] = [];
  const ends: number[] = [];
  for (let index = 0; index < wanted.length; index++) {
    const isBlank = /\s/.test(wanted[index] ?? "");
    if (!isBlank) while (at < to && /\s/.test(text[at] ?? "")) at++;
    if (!isBlank && (at >= to || text[at] !== wanted[index])) return undefined;
    starts.push(Math.min(at, to));
    if (!isBlank) at += style === "single" && wanted[index] === "'" ? 2 : 1;
    else if (at < to && /\s/.test(text[at] ?? "")) at++;
    ends.push(Math.min(at, to));
  }
  return { starts, ends };
}

/** A double-quoted text over several lines with escapes. */
function withEscapes(text: string, from: number, to: number, wanted: string): Lines | undefined {
  const starts: number[] = [];
  const ends: number[] = [];
  let value = "";
  const add = (units: string, start: number, end: number): void => {
    value += units;
    for (let unit = 0; unit < units.length; unit++) {
      starts.push(start);
      ends.push(end);
    }
  };
  for (const { 0: piece, index } of text.slice(from, to).matchAll(pieces)) {
    const start = from + index;
    const end = start + piece.length;
    if (piece.startsWith("\\")) add(unescaped(piece), start, end);
    else if (/[\r\n]/.test(piece)) {
      // One line break is a blank, each further one a line break of the text.
      const breaks = piece.match(/\r\n|\n|\r/g)?.length ?? 1;
      add(breaks === 1 ? " " : "\n".repeat(breaks - 1), start, end);
    } else add(piece, start, end);
  }
  return value === wanted ? { starts, ends } : undefined;
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
