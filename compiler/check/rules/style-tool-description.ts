import type { Rule } from "../rule.ts";

export const styleToolDescription: Rule = {
  id: "style/tool-description",
  severity: "info",
  preset: "strict",
  summary: "An MCP tool whose description says no more than its name.",
  check: ({ declared }, report) => {
    for (const { name, at } of declared.tools) {
      const described = at.at("mcp_tool_description");
      const text = described.string();
      if (name === undefined || text === undefined || addsTo(name, text)) continue;
      report({
        path: described.path,
        message: `The description of the tool \`${name}\` repeats its name.`,
        help: "Say when an agent should take this tool, what it needs and what it gives back.",
      });
    }
  },
};

/** Words that carry nothing of their own. */
const fillers: ReadonlySet<string> = new Set([
  "a",
  "an",
  "the",
  "of",
  "for",
  "to",
  "by",
  "and",
  "tool",
  "this",
]);

function addsTo(name: string, text: string): boolean {
  const known = new Set(words(name.replace(/([a-z])([A-Z])/g, "$1 $2")));
  return words(text).some((word) => !fillers.has(word) && !known.has(word));
}

/** In lower case, plural and other endings in -s cut off. */
function words(text: string): string[] {
  return [...text.toLowerCase().matchAll(/[\p{L}\p{N}]+/gu)].map(([word]) => word.replace(/s$/, ""));
}
