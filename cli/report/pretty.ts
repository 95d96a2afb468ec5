import { renderDiagnostic } from "../../compiler/render.ts";
import type { Diagnostic } from "../../schema/diagnostic.ts";

/** The findings of one file as a person reads them: each with its place in the source, a blank line between. */
export function prettyReport(diagnostics: readonly Diagnostic[], text: string, color: boolean): string {
  return diagnostics
    .map((diagnostic) => `${renderDiagnostic(diagnostic, text, { color }).trimEnd()}\n\n`)
    .join("");
}
