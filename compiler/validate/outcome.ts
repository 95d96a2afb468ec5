import type { ErrorObject } from "ajv";
import type { Report } from "../diagnostics.ts";
import { type Node, nodeAt, type Pointer, pointerText, type Span, spanOf } from "../read/tree.ts";

/** What a precompiled validator says of a value. */
export type Validator = { (data: unknown): boolean; errors?: ErrorObject[] | null };

/** An error of the validator, with the node it is about. */
export interface Fault {
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly schemaPath: string;
  /** Path in the tree that was validated. */
  readonly to: Pointer;
  readonly node: Node;
}

/** Everything that a validator finds in the value of a tree, in its order. */
export function faults(validator: Validator, value: unknown, root: Node): readonly Fault[] {
  if (validator(value)) return [];
  return (validator.errors ?? []).flatMap(({ keyword, params, schemaPath, instancePath }) => {
    const to = pointerOf(instancePath, root);
    const node = nodeAt(root, to);
    return node ? [{ keyword, params, schemaPath, to, node }] : [];
  });
}

/** RFC 6901 text to a path; a part is an index where the tree has a list. */
function pointerOf(text: string, root: Node): Pointer {
  const path: (string | number)[] = [];
  let node: Node | undefined = root;
  for (const part of text.split("/").slice(1)) {
    const name = part.replaceAll("~1", "/").replaceAll("~0", "~");
    const step: string | number = node?.kind === "list" ? Number(name) : name;
    node = node && nodeAt(node, [step]);
    path.push(step);
  }
  return path;
}

/** What telling a fault needs to know of the document. */
export interface Telling {
  readonly report: Report;
  /** The author's own tree, for positions. */
  readonly source: Node;
  readonly original: (to: Pointer) => Pointer;
  /** Pointers of values that were reported; a second fault of one is not told. */
  readonly broken: Set<string>;
}

/** True the first time that a value is at fault; what stands below or above it counts by itself. */
export function isNews(telling: Telling, to: Pointer): boolean {
  const pointer = pointerText(to);
  if (telling.broken.has(pointer)) return false;
  telling.broken.add(pointer);
  return true;
}

/** Where a value shows: its own text, or its key where it has none (`operations:` and nothing more). */
export function shownAt(telling: Telling, to: Pointer, node: Node): { at: "value" | "key"; span: Span } {
  if (node.span.end > node.span.start) return { at: "value", span: node.span };
  return { at: "key", span: spanOf(telling.source, telling.original(to), "key") };
}
