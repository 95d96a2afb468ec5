import type { Node, Pointer } from "../../read/tree.ts";
import type { Rule } from "../rule.ts";

export const yamlCutByComment: Rule = {
  id: "yaml/cut-by-comment",
  severity: "info",
  preset: "recommended",
  summary: "A text without quotes that ends where a comment such as `#5` begins.",
  check: ({ declared, lowering: { text } }, report) => {
    if (!likely.test(text)) return;
    const seen = new Set<Node>();
    const visit = (node: Node | undefined, path: Pointer): void => {
      if (!node || seen.has(node)) return;
      if (node.kind !== "scalar") seen.add(node);
      if (node.kind === "list")
        for (const [index, item] of node.items.entries()) visit(item, [...path, index]);
      else if (node.kind === "map") for (const { key, value } of node.entries) visit(value, [...path, key]);
      else if (node.style === "plain" && typeof node.value === "string") {
        const found = comment.exec(text.slice(node.end, node.end + 100));
        if (!found) return;
        const [whole, blanks = ""] = found;
        report({
          path,
          span: { start: node.end + blanks.length, end: node.end + whole.length },
          message: "This is a comment, and no part of the text before it.",
          label: "begins a comment",
          help: "Put the whole text in quotes if this is meant to be a part of it; otherwise write a blank behind the #.",
        });
      }
    };
    visit(declared.root.node, []);
  },
};

/** One word right behind the sign, to the end of the line: a number, a channel, a colour. */
const comment = /^([ \t]+)#[\w-]+(?=[ \t]*(?:\r?\n|$))/;
const likely = /\S[ \t]+#[\w-]+[ \t]*(?:\r?\n|$)/;
