import type { ScalarNode, Span } from "./tree.ts";

/**
 * The source span of `from`..`to` of a scalar's value: exact in a one-line scalar, the whole scalar elsewhere
 * (folding and block indentation have no simple inverse).
 */
export function spanInScalar(text: string, node: ScalarNode, from: number, to: number): Span {
  const { start, end } = node.span;
  const offsets = offsetsOf(text, node);
  if (offsets === "folded") return node.span;
  if (offsets === "same") return { start: start + from, end: start + to };
  return { start: offsets[from] ?? start, end: offsets[to] ?? end };
}

type Offsets = readonly number[] | "same" | "folded";

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

function measure(text: string, { span: { start, end }, style }: ScalarNode): Offsets {
  if (style === "block" || /[\r\n]/.test(text.slice(start, end))) return "folded";
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
