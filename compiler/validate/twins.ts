/** Entries that a list holds twice: every list of plain values in the language is a set. */
import type { Report } from "../diagnostics.ts";
import { child, type ListNode, type Node, type Pointer } from "../read/tree.ts";
import { nameOf } from "./words.ts";

/** Reports each entry that stands a second time in a list of texts, numbers or named scopes. */
export function tellTwins(list: ListNode, path: Pointer, report: Report): void {
  const first = new Map<string, number>();
  for (const [index, item] of list.items.entries()) {
    const value = plainValue(item);
    if (value === undefined) continue;
    const key = `${typeof value} ${String(value)}`;
    const earlier = first.get(key);
    if (earlier === undefined) first.set(key, index);
    else
      report({
        rule: "structure/duplicate-entry",
        path: [...path, index],
        span: item.span,
        message: `${String(nameOf(path))} says \`${String(value)}\` twice.`,
        label: "the second",
        help: "Remove one of them, or write what was meant in its place.",
        fix: {
          title: `Remove the second \`${String(value)}\``,
          edits: [{ kind: "remove-item", index, from: list }],
        },
        related: [
          {
            path: [...path, earlier],
            span: list.items[earlier]?.span ?? item.span,
            message: "the first one",
          },
        ],
      });
  }
}

/** A plain value; of a scope with a description, its name. */
function plainValue(item: Node): string | number | boolean | undefined {
  const node = item.kind === "map" ? child(item, "name") : item;
  return node?.kind === "scalar" && node.value !== null ? node.value : undefined;
}
