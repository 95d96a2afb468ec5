import { createHash } from "node:crypto";
import type { Diagnostic } from "../../schema/diagnostic.ts";

/** Text around a finding that tells it from others, as far as one very long line lets. */
const around = 80;

/** Names the findings of a file, given its name and text. */
export type Fingerprinter = (name: string, text: string) => (diagnostic: Diagnostic) => string;

/**
 * Names the findings of a run for services that follow them from run to run. A name is made of the rule, the file,
 * the finding's own text and its line, and says nothing of line numbers: what is written above changes none. Findings
 * that are alike in all of these are numbered.
 */
export function createFingerprinter(): Fingerprinter {
  const counts = new Map<string, number>();
  return (name, text) => {
    const lines = text.split(/\r\n|\n|\r/);
    return (diagnostic) => {
      const key = JSON.stringify([diagnostic.rule, name, ...wordsOf(diagnostic, lines)]);
      const count = counts.get(key) ?? 0;
      counts.set(key, count + 1);
      return createHash("sha256").update(`${key}${count}`).digest("hex").slice(0, 32);
    };
  };
}

/** The text of a finding, and that of its line. */
function wordsOf({ range: { start, end } }: Diagnostic, lines: readonly string[]): readonly string[] {
  const line = lines[start.line - 1] ?? "";
  const from = start.column - 1;
  const to = end.line === start.line ? Math.min(end.column - 1, from + around) : from + around;
  return [line.slice(from, to), line.slice(Math.max(0, from - around), to + around).trim()];
}
