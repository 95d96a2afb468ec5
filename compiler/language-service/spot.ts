/** Which key or value of a tree an offset stands in. */
import type { Entry, Node, Pointer, Span } from "../read/tree.ts";

/** A key, or a scalar value. */
export interface Spot {
  /** Of the value, or of the value that the key names. */
  readonly path: Pointer;
  readonly part: "key" | "value";
  readonly span: Span;
  readonly node: Node;
}

/** The key or scalar at an offset; its end counts as in it. */
export function spotAt(root: Node, offset: number): Spot | undefined {
  return find(root, offset, []);
}

function find(node: Node, offset: number, path: Pointer): Spot | undefined {
  switch (node.kind) {
    case "scalar":
      return holds(node.span, offset) ? { path, part: "value", span: node.span, node } : undefined;
    case "list": {
      const index = node.items.findIndex((item) => holds(item.span, offset));
      const item = node.items[index];
      return item && find(item, offset, [...path, index]);
    }
    case "map":
      return findInMap(node.entries, offset, path);
  }
}

function findInMap(entries: readonly Entry[], offset: number, path: Pointer): Spot | undefined {
  for (const { key, keySpan, value } of entries) {
    const below = [...path, key];
    if (holds(keySpan, offset)) return { path: below, part: "key", span: keySpan, node: value };
    if (holds(value.span, offset)) {
      const found = find(value, offset, below);
      if (found) return found;
    }
  }
  return undefined;
}

function holds({ start, end }: Span, offset: number): boolean {
  return start <= offset && offset <= end;
}
