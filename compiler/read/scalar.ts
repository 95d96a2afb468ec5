import type { ScalarNode, Span } from "./tree.ts";

/**
 * The source span of `from`..`to` of a scalar's value. The whole scalar where that cannot be told: in a text over
 * several lines with escapes, which has no simple inverse.
 */
export function spanInScalar(text: string, node: ScalarNode, from: number, to: number): Span {
  const { start, end } = node.span;
  const offsets = offsetsOf(text, node);
  if (offsets === "folded") return node.span;
  if (offsets === "same") return { start: start + from, end: start + to };
  if ("starts" in offsets) {
    const first = offsets.starts[from] ?? end;
    return { start: first, end: to > from ? (offsets.ends[to - 1] ?? end) : first };
  }
  return { start: offsets[from] ?? start, end: offsets[to] ?? end };
}

/** Of a text over several lines: where each UTF-16 unit of the value begins and ends in the source. */
interface Lines {
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

type Offsets = readonly number[] | Lines | "same" | "folded";

/** Worked out once a scalar: a text of many holes stays linear. */
const known = new WeakMap<ScalarNode, Offsets>();

function offsetsOf(text: string, node: ScalarNode): Offsets {
  let offsets = known.get(node);
  if (offsets === undefined) {
    offsets = measure(text, node);
    known.set(node, offsets);
  }
  return offsets;
}

function measure(text: string, node: ScalarNode): Offsets {
  const { style } = node;
  const { start, end } = node.span;
  if (style === "block" || /[\r\n]/.test(text.slice(start, end))) return overLines(text, node) ?? "folded";
  if (style === "plain") return "same";
  return style === "single"
    ? singleOffsets(text, start + 1, end - 1)
    : doubleOffsets(text, start + 1, end - 1);
}

/** Blanks fold and indent; all else stands in the source as in the value, a doubled single quote excepted. */
function overLines(text: string, { value, style, span }: ScalarNode): Lines | undefined {
  const isQuoted = style === "single" || style === "double";
  let at = style === "block" ? text.indexOf("\n", span.start) + 1 : span.start + (isQuoted ? 1 : 0);
  const end = span.end - (isQuoted ? 1 : 0);
  if (style === "double" && text.slice(at, end).includes("\\")) return undefined;
  const wanted = String(value ?? "");
  const starts: number[] = [];
  const ends: number[] = [];
  for (let index = 0; index < wanted.length; index++) {
    const isBlank = /\s/.test(wanted[index] ?? "");
    if (!isBlank) while (at < end && /\s/.test(text[at] ?? "")) at++;
    if (!isBlank && (at >= end || text[at] !== wanted[index])) return undefined;
    starts.push(Math.min(at, end));
    if (!isBlank) at += style === "single" && wanted[index] === "'" ? 2 : 1;
    else if (at < end && /\s/.test(text[at] ?? "")) at++;
    ends.push(Math.min(at, end));
  }
  return { starts, ends };
}

/** Source offset of each UTF-16 unit of the value, and of its end. */
function singleOffsets(text: string, from: number, to: number): number[] {
  const offsets: number[] = [];
  for (let at = from; at < to; at++) {
    offsets.push(at);
    if (text[at] === "'") at++;
  }
  offsets.push(to);
  return offsets;
}

/** Escapes of YAML 1.2 (section 5.7), which hold those of JSON. */
function doubleOffsets(text: string, from: number, to: number): number[] {
  const offsets: number[] = [];
  let at = from;
  while (at < to) {
    offsets.push(at);
    if (text[at] !== "\\") {
      at++;
      continue;
    }
    const digits = { x: 2, u: 4, U: 8 }[text[at + 1] ?? ""] ?? 0;
    if (digits === 8 && Number.parseInt(text.slice(at + 2, at + 10), 16) > 0xffff) offsets.push(at);
    at += 2 + digits;
  }
  offsets.push(to);
  return offsets;
}
