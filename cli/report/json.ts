import { jsonText } from "./escape.ts";
import type { CreateReporter, FileReport } from "./reporter.ts";
import { countFindings } from "./summary.ts";

/** The one object that `connector validate --format json` prints; `schema/report.schema.json` is its contract. */
export const createJsonReporter: CreateReporter = () => ({
  file: () => "",
  end: ({ files }) => jsonReport(files),
});

function jsonReport(files: readonly FileReport[]): string {
  const counts = countFindings(files);
  const report = {
    version: 1,
    files: files.length,
    errors: counts.error,
    warnings: counts.warning,
    infos: counts.info,
    diagnostics: files.flatMap(({ diagnostics }) => diagnostics),
  };
  return `${jsonText(report, 2)}\n`;
}
