/** What the compiler says of a slip in a descriptor's text, and where. */
import { compileText } from "../../../../compiler/compile.ts";
import type { Diagnostic } from "../../../../schema/diagnostic.ts";
import type { TextMutant } from "./operators.ts";

/**
 * `line`: a finding begins on a changed line. `end`: it begins on the line that the changed one hangs on, or shows one of
 * both as its other end. `named`: it stands elsewhere, and names what was changed. `elsewhere`: none of these.
 * `equivalent`: nothing is said, and the meaning stands. `silent`: nothing is said of another meaning.
 */
export type TextVerdict = "line" | "end" | "named" | "elsewhere" | "equivalent" | "silent";

export interface TextJudgement {
  readonly verdict: TextVerdict;
  readonly findings: readonly Diagnostic[];
}

/** Judges slips in one text, which must be right. */
export async function createTextJudge(
  source: string,
  format: "yaml" | "json",
): Promise<(mutant: TextMutant) => Promise<TextJudgement>> {
  const original = await compileText(source, { format });
  const meaning = meaningOf(original.connectors[0]?.ir);
  const known = new Set(original.diagnostics.map(({ rule, message }) => `${rule} ${message}`));
  return async (mutant) => {
    const { connectors, diagnostics } = await compileText(mutant.text, { format });
    const findings = diagnostics.filter(({ rule, message }) => !known.has(`${rule} ${message}`));
    if (findings.length > 0) return { verdict: placeOf(findings, mutant), findings };
    return {
      verdict: meaningOf(connectors[0]?.ir) === meaning ? "equivalent" : "silent",
      findings,
    };
  };
}

/** The order of a map's keys means nothing. */
function meaningOf(ir: object | undefined): string {
  return JSON.stringify({ ...ir, content_hash: "" }, (_, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([one], [two]) => (one < two ? -1 : 1)))
      : value,
  );
}

function placeOf(
  findings: readonly Diagnostic[],
  { first, last, owner, words }: TextMutant,
): "line" | "end" | "named" | "elsewhere" {
  const isIn = ({ start }: Diagnostic["range"]): boolean => start.line >= first && start.line <= last;
  if (findings.some(({ range }) => isIn(range))) return "line";
  const around = findings.flatMap(({ range, related = [] }) => [range, ...related.map((one) => one.range)]);
  if (around.some((range) => isIn(range) || range.start.line === owner)) return "end";
  const told = findings.flatMap(({ message, help, label }) => [message, help ?? "", label ?? ""]);
  return words.some((word) => word.length > 1 && told.some((text) => text.includes(word)))
    ? "named"
    : "elsewhere";
}
