import type { Node, ScalarNode } from "../../read/tree.ts";
import type { Rule } from "../rule.ts";

export const yamlStrayQuote: Rule = {
  id: "yaml/stray-quote",
  severity: "warning",
  summary: "A text without quotes that ends with one, which so becomes a part of it.",
  check: ({ declared }, report) => {
    const path: (string | number)[] = [];
    const visit = (node: Node): void => {
      if (node.kind === "scalar") {
        if (endsStray(node)) report(findingAt(node, [...path]));
        return;
      }
      const children = node.kind === "map" ? node.entries : node.items;
      for (let index = 0; index < children.length; index++) {
        const child = children[index];
        if (!child) continue;
        path.push("key" in child ? child.key : index);
        visit("key" in child ? child.value : child);
        path.pop();
      }
    };
    if (declared.root.node) visit(declared.root.node);
  },
};

/** `12"` are inches, and `users'` is a genitive; a quote that has a partner in the text belongs to it. */
function endsStray({ value, style }: ScalarNode): boolean {
  if (style !== "plain" || typeof value !== "string" || value.length < 2) return false;
  const quote = value.at(-1);
  if (quote !== '"' && quote !== "'") return false;
  const isWord = (quote === '"' ? /\d"$/ : /s'$/i).test(value);
  return !isWord && value.split(quote).length === 2;
}

function findingAt(
  { span }: ScalarNode,
  path: readonly (string | number)[],
): Parameters<Parameters<Rule["check"]>[1]>[0] {
  const quote = { start: span.end - 1, end: span.end };
  return {
    path,
    span: quote,
    message: "No quote begins this text: the one at its end is a part of it.",
    label: "a part of the text",
    help: "Remove it, or put the whole text in quotes.",
    replace: "",
  };
}
