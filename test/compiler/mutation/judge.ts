/** What the compiler says of a mutation. */
import { compileText } from "../../../compiler/compile.ts";
import type { Diagnostic } from "../../../schema/diagnostic.ts";
import type { Mutation } from "./mutate.ts";
import { pointer, type Way, type Written, write } from "./write.ts";

/**
 * `same`: it means what it meant. `found`: it is told of, at its place or at one that has to do with it. `astray`: it is
 * told of somewhere else only. `silent`: it means something else, and nothing is said.
 */
export type Verdict = "same" | "found" | "astray" | "silent";

export interface Judgement {
  readonly verdict: Verdict;
  readonly findings: readonly Diagnostic[];
}

export interface Judge {
  judge(mutation: Mutation): Promise<Judgement>;
}

/** Judges mutations of one descriptor, which must be right. */
export async function createJudge(data: unknown): Promise<Judge> {
  const original = await compileText(write(data).text, { format: "json" });
  const meaning = meaningOf(original.connectors[0]?.ir);
  const known = new Set(original.diagnostics.map(({ rule, message }) => `${rule} ${message}`));
  return {
    async judge(mutation) {
      const written = write(mutation.data);
      const { connectors, diagnostics } = await compileText(written.text, { format: "json" });
      const findings = diagnostics.filter(
        ({ rule, message, severity }) => severity !== "info" && !known.has(`${rule} ${message}`),
      );
      if (findings.length > 0)
        return {
          verdict: findings.some((one) => isAbout(one, mutation, written)) ? "found" : "astray",
          findings,
        };
      return { verdict: meaningOf(connectors[0]?.ir) === meaning ? "same" : "silent", findings };
    },
  };
}

function meaningOf(ir: object | undefined): string {
  return JSON.stringify({ ...ir, content_hash: "" });
}

/** Whether a finding stands on the mutated lines, on the line of what holds them, or names what was changed. */
function isAbout(finding: Diagnostic, { way, words }: Mutation, { lines }: Written): boolean {
  const around = [finding.range, ...(finding.related ?? []).map(({ range }) => range)];
  const [first, last] = linesOf(way, lines);
  const ownerLine = linesOf(way.slice(0, -1), lines)[0];
  if (around.some(({ start }) => (start.line >= first && start.line <= last) || start.line === ownerLine))
    return true;
  // A key beside the mutated one is as near, as an end of a finding: a limit is what it is by all that it says.
  const [begin, end] = linesOf(way.slice(0, -1), lines);
  const ends = around.slice(1);
  if (way.length > 2 && ends.some(({ start }) => start.line >= begin && start.line <= end)) return true;
  const told = [
    finding.message,
    finding.help,
    finding.path,
    ...(finding.related ?? []).map(({ message }) => message),
  ];
  return words.some((word) => word.length > 1 && told.some((text) => text?.includes(word)));
}

function linesOf(way: Way, lines: Written["lines"]): readonly [number, number] {
  for (let length = way.length; length >= 0; length--) {
    const found = lines.get(pointer(way.slice(0, length)));
    // What is gone has no lines: the line on which its owner begins stands for it.
    if (found) return length === way.length ? found : [found[0], found[0]];
  }
  return [1, 1];
}
