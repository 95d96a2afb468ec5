import type { Cursor } from "../../lower/cursor.ts";
import type { Rule } from "../rule.ts";

export const yamlLostComma: Rule = {
  id: "yaml/lost-comma",
  severity: "warning",
  summary: "A list of values in brackets that holds one text of several words: a comma is likely to be lost.",
  check: ({ declared }, report) => {
    const judge = (owner: Cursor): void => {
      for (const list of [owner.at("enum"), owner.at("schema").at("enum")]) {
        const words = wordsIn(list);
        if (words)
          report({
            path: list.path,
            message: `\`${words.join(" ")}\` is one value, and the only one that is taken.`,
            label: "one value",
            help: `Write a comma between the values, \`[${words.join(", ")}]\`; or put the text in quotes, if it is one.`,
            replace: `[${words.join(", ")}]`,
            // That a default or an example does not fit follows.
            ...(owner.node ? { yields: owner.node.span } : {}),
          });
      }
    };
    for (const { at } of declared.settings) judge(at);
    for (const { fields } of declared.profiles) for (const { at, implied } of fields) if (!implied) judge(at);
    for (const { parameters } of declared.operations) for (const { at } of parameters) judge(at);
  },
};

/** The words of a lone entry without quotes in brackets. */
export function wordsIn({ node }: Cursor): readonly string[] | undefined {
  if (node?.kind !== "list" || node.items.length !== 1) return undefined;
  const [only] = node.items;
  // In a block the list ends where its last entry does.
  if (only?.kind !== "scalar" || only.style !== "plain" || node.end === only.end) return undefined;
  const text = typeof only.value === "string" ? only.value : "";
  return /^[a-z\d][\w.-]*(?: +[a-z\d][\w.-]*)+$/.test(text) ? text.split(/ +/) : undefined;
}
