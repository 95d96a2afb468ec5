import type { Diagnostic, Severity } from "../../schema/diagnostic.ts";
import type { FileReport } from "./reporter.ts";
import { createStyle, type Style } from "./style.ts";

/** The closing line of a human report: `2 files: 1 error, 3 warnings (1 can be fixed with --fix)`. */
export function summaryLine(files: readonly FileReport[], style: Style = createStyle(false)): string {
  const counts = countFindings(files);
  const fixable = files.reduce(
    (sum, { diagnostics }) => sum + diagnostics.filter(({ fix }) => fix).length,
    0,
  );
  const suppressed = files.reduce((sum, file) => sum + (file.suppressed?.length ?? 0), 0);
  const said = [
    counts.error > 0 ? style.red(counted(counts.error, "error")) : style.green("no errors"),
    ...(counts.warning > 0 ? [style.yellow(counted(counts.warning, "warning"))] : []),
    ...(counts.info > 0 ? [counted(counts.info, "info")] : []),
    ...(suppressed > 0 ? [style.dim(`${suppressed} ignored`)] : []),
  ];
  const hint = fixable > 0 ? ` (${fixable} can be fixed with --fix)` : "";
  return `${counted(files.length, "file")}: ${said.join(", ")}${hint}`;
}

/** How many findings of each severity a run has. */
export function countFindings(files: readonly FileReport[]): { readonly [S in Severity]: number } {
  const counts = { error: 0, warning: 0, info: 0 };
  for (const { diagnostics } of files) for (const { severity } of diagnostics) counts[severity] += 1;
  return counts;
}

/** Every finding with its file, the gravest first, otherwise in the order of the run. */
export function gravestFirst(
  files: readonly FileReport[],
): { readonly file: FileReport; readonly diagnostic: Diagnostic }[] {
  const all = files.flatMap((file) => file.diagnostics.map((diagnostic) => ({ file, diagnostic })));
  const of = (severity: Severity): typeof all =>
    all.filter(({ diagnostic }) => diagnostic.severity === severity);
  return [...of("error"), ...of("warning"), ...of("info")];
}

/** `1 file`, `2 files`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
