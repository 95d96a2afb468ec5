/** What an editor may fold: maps and lists of several lines, from the line of their key. */
import type { Node } from "../read/tree.ts";
import type { Analysis } from "./analysis.ts";

/** Lines counted from 0; the first stays visible. */
export interface Fold {
  readonly start: number;
  readonly end: number;
}

export function foldsOf({ text, documents }: Analysis): readonly Fold[] {
  const lineOf = lineFinder(text);
  const folds = new Map<number, number>();
  const seen = new Set<Node>();
  const walk = (node: Node, from: number): void => {
    if (node.kind === "scalar" || seen.has(node)) return;
    seen.add(node);
    const start = lineOf(from);
    const end = lineOf(node.span.end);
    if (end > start) folds.set(start, Math.max(end, folds.get(start) ?? 0));
    if (node.kind === "list") for (const item of node.items) walk(item, item.span.start);
    else for (const { keySpan, value } of node.entries) walk(value, keySpan.start);
  };
  // The whole document is no fold of its own: its sections are.
  for (const { root } of documents)
    if (root.kind === "map") for (const { keySpan, value } of root.entries) walk(value, keySpan.start);
  return [...folds].map(([start, end]) => ({ start, end })).sort((a, b) => a.start - b.start);
}

function lineFinder(text: string): (offset: number) => number {
  const starts = [0, ...[...text.matchAll(/\r\n|\n|\r/g)].map(({ index, 0: end }) => index + end.length)];
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  };
}
