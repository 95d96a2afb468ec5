import { compileText } from "../../../../compiler/compile.ts";
import type { Range } from "../../../../schema/diagnostic.ts";

/** A finding as a reader sees it: what is underlined, and the stations of the way with what is said of each. */
export interface Told {
  readonly rule: string;
  readonly severity: string;
  readonly at: string;
  readonly way: readonly string[];
}

/** The findings of some rules about a descriptor; of every rule where none is named. */
export async function told(text: string, ...rules: readonly string[]): Promise<Told[]> {
  const { diagnostics } = await compileText(text);
  const lines = text.split("\n");
  const under = ({ start, end }: Range): string =>
    (lines[start.line - 1] ?? "").slice(
      start.column - 1,
      end.line === start.line ? end.column - 1 : undefined,
    );
  return diagnostics
    .filter(({ rule }) => rules.length === 0 || rules.includes(rule))
    .map(({ rule, severity, range, related = [] }) => ({
      rule,
      severity,
      at: under(range),
      way: related.map((one) => `${one.range.start.line} ${under(one.range)}: ${one.message}`),
    }));
}

/** A descriptor around the sections that matter to a test. */
export function descriptor(sections: string): string {
  return `metadata: { name: Desk, slug: desk, description: A help desk., publisher: Example }\n${sections.replace(/^\n/, "")}`;
}
