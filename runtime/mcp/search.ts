import type { ServedTool } from "./tool-set.ts";

/** Tools by their words: those that fit a query best, first. */
export interface ToolIndex {
  search(query: string, limit: number): readonly ServedTool[];
}

/** A word counts more in a name than in a title, and more there than in a description. */
const weights = [
  [5, ({ text }: ServedTool) => text.name],
  [3, ({ text }: ServedTool) => text.title],
  [2, ({ definition }: ServedTool) => definition.operation.tags.join(" ")],
  [1, ({ text }: ServedTool) => text.description],
] as const;

/** Reads every tool once. A word that few tools have tells more than one that all have. */
export function createToolIndex(tools: Iterable<ServedTool>): ToolIndex {
  const byWord = new Map<string, Map<ServedTool, number>>();
  let count = 0;
  for (const tool of tools) {
    count += 1;
    for (const [weight, textOf] of weights)
      for (const word of wordsOf(textOf(tool))) {
        const found = byWord.get(word) ?? new Map<ServedTool, number>();
        found.set(tool, Math.max(weight, found.get(tool) ?? 0));
        byWord.set(word, found);
      }
  }
  return {
    search(query, limit) {
      const scores = new Map<ServedTool, number>();
      for (const word of new Set(wordsOf(query))) {
        const found = byWord.get(word) ?? new Map<ServedTool, number>();
        const rarity = Math.log(1 + count / (1 + found.size));
        for (const [tool, weight] of found) scores.set(tool, (scores.get(tool) ?? 0) + weight * rarity);
      }
      return [...scores]
        .sort(([, left], [, right]) => right - left)
        .slice(0, limit)
        .map(([tool]) => tool);
    },
  };
}

/** Words in lower case, camel case taken apart, plurals as their singular. */
function wordsOf(text: string): readonly string[] {
  const apart = text.replace(/([a-z0-9])([A-Z])/g, "$1 $2").toLowerCase();
  return (apart.match(/[\p{L}\p{N}]+/gu) ?? []).map((word) =>
    word.length > 3 ? word.replace(/s$/, "") : word,
  );
}
