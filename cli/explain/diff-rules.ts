import { diffCatalog } from "../../compiler/diff/catalog.ts";
import { jsonText } from "../report/escape.ts";
import type { Style } from "../report/style.ts";

/** The changes that `connector diff` tells apart, where they are asked for: `diff`, or one of its ids. */
export function diffRules(
  wanted: string | undefined,
): readonly (readonly [id: string, level: string, summary: string])[] {
  return Object.entries(diffCatalog)
    .filter(([id]) => wanted === "diff" || id === wanted)
    .map(([id, { level, summary }]) => [id, level, summary] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

export function diffRulesText(rules: ReturnType<typeof diffRules>, style: Style): string {
  return rules.map(([id, level, summary]) => `${style.bold(id)} (${level})\n\n${summary}\n`).join("\n");
}

export function diffRulesJson(rules: ReturnType<typeof diffRules>): string {
  return `${jsonText({ changes: rules.map(([id, level, summary]) => ({ id, level, summary })) }, 2)}\n`;
}
