/** The pages of `docs/rules`: prose by hand, a heading above it and an example below it that a test keeps right. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What a page holds beside its heading. */
export interface RulePage {
  /** Markdown: why the rule is there, and how to mend what it finds. Empty where nobody has written it yet. */
  readonly prose: string;
  /** Markdown: a part of a descriptor that breaks the rule, and its report. Empty on a page of prose alone. */
  readonly example: string;
}

/** Parts the prose from what is generated. */
export const generatedMark = "<!-- generated below: UPDATE=1 npx vitest run test/docs/rules.test.ts -->";

/** Takes a page apart; one of prose alone, without heading and mark, is a page too. */
export function parseRulePage(text: string): RulePage {
  const [above = "", below = ""] = text.replaceAll("\r\n", "\n").split(generatedMark);
  return { prose: above.replace(/^\s*# .*\n+(?:>.*\n)*/, "").trim(), example: below.trim() };
}

/** The page of a rule of the catalog, in the package as in its sources; undefined where there is none. */
export function readRulePage(rule: string): RulePage | undefined {
  try {
    // Two levels down from the root: `cli/report` in the sources, `dist/cli` in the package.
    const file = join(import.meta.dirname, "../../docs/rules", `${rule}.md`);
    return parseRulePage(readFileSync(file, "utf8"));
  } catch {
    // A package without its documents still reports: the catalog's sentence stands in.
    return undefined;
  }
}
