/** Slips of the hand within texts and keys, which YAML takes for a part of them. */
import type { Report } from "../diagnostics.ts";
import { type Node, type Pointer, pointerText, type ScalarNode } from "../read/tree.ts";
import { lookAlike } from "./look-alike.ts";
import { isForPeople, isOurs } from "./our-texts.ts";
import { outerBlank, strayColon, strayMark } from "./stray-mark.ts";
import { isWord, strayQuote, strayText } from "./stray-quote.ts";

/**
 * Reports each text that a slip has made longer, or other, than it was meant. A quote or a comma at the end of what the
 * language reads cannot be meant: an error, marked as `broken`, so that nothing is said of what follows from it. All else is a warning.
 */
export function tellTextSlips(
  root: Node,
  original: (path: Pointer) => Pointer,
  report: Report,
  broken: Set<string>,
): void {
  const path: (string | number)[] = [];
  // What stands at an anchor is one text, wherever it is taken over.
  const told = new Set<Node>();
  const tellQuote = (node: ScalarNode, text: string): void => {
    const isSure = isOurs(path);
    if (!isSure && isWord(text, isForPeople(path))) return;
    if (isSure) broken.add(pointerText(path));
    if (!told.has(node)) report(strayQuote(node, original([...path]), isSure));
    told.add(node);
  };
  const visit = (node: Node): void => {
    if (node.kind === "scalar") {
      if (typeof node.value !== "string" || node.value.length < 2) return;
      const quoted = strayText(node);
      if (quoted !== undefined) tellQuote(node, quoted);
      else {
        const found = strayMark(node, path) ?? outerBlank(node, path) ?? lookAlike(node, path);
        if (found?.severity === "error") broken.add(pointerText(path));
        if (found && !told.has(node)) report({ ...found, path: original([...path]) });
        if (found) told.add(node);
      }
      return;
    }
    const children = node.kind === "map" ? node.entries : node.items;
    for (let index = 0; index < children.length; index++) {
      const child = children[index];
      if (!child) continue;
      const isEntry = "key" in child;
      path.push(isEntry ? child.key : index);
      const odd = isEntry ? strayColon(child, path.slice(0, -1)) : undefined;
      if (odd) report({ ...odd, path: original([...path]) });
      visit(isEntry ? child.value : child);
      path.pop();
    }
  };
  visit(root);
}
