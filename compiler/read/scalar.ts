import { type Lines, overLines } from "./scalar-lines.ts";
import type { ScalarNode, Span } from "./tree.ts";

/** The source span of `from`..`to` of a scalar's value; the whole scalar where that cannot be told. */
export function spanInScalar(text: string, node: ScalarNode, from: number, to: number): Span {
  return exactSpan(text, node, from, to) ?? node.span;
}

/** The same; undefined where the source does not show how the value came of it. */
export function exactSpan(text: string, node: ScalarNode, from: number, to: number): Span | undefined {
  const { start, end } = node;
  const shift = shiftOf(node);
  if (shift !== undefined) return { start: start + shift + from, end: start + shift + to };
  const offsets = offsetsOf(text, node);
  if (offsets === "folded") return undefined;
  if (offsets === "same") return { start: start + from, end: start + to };
  if ("starts" in offsets) {
    const first = offsets.starts[from] ?? end;
    return { start: first, end: to > from ? (offsets.ends[to - 1] ?? end) : first };
  }
  return { start: offsets[from] ?? start, end: offsets[to] ?? end };
}

/** How far the value begins behind its scalar where nothing else sets them apart: escapes and folds only shorten a text. */
function shiftOf({ value, style, start, end }: ScalarNode): number | undefined {
  if (style === "block") return undefined;
  const quote = style === "plain" ? 0 : 1;
  return String(value).length === end - start - 2 * quote ? quote : undefined;
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
  const { style, start, end } = node;
  if (style === "block" || /[\r\n]/.test(text.slice(start, end))) return overLines(text, node) ?? "folded";
  if (style === "plain") return "same";
  return style === "single"
    ? singleOffsets(text, start + 1, end - 1)
    : doubleOffsets(text, start + 1, end - 1);
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
