import type { Diagnostic, Severity } from "../../schema/diagnostic.ts";
import { jsonText } from "./escape.ts";

/** The one object that `connector validate --format json` prints. */
export function jsonReport(files: number, diagnostics: readonly Diagnostic[]): string {
  const count = (severity: Severity): number => diagnostics.filter((one) => one.severity === severity).length;
  const report = {
    version: 1,
    files,
    errors: count("error"),
    warnings: count("warning"),
    infos: count("info"),
    diagnostics,
  };
  return `${jsonText(report, 2)}\n`;
}

/** The report of a command that failed before it looked at any file. */
export const emptyReport: string = jsonReport(0, []);
