import { displayWidth } from "../../compiler/render/width.ts";
import type { Diagnostic } from "../../schema/diagnostic.ts";
import { escapeLine } from "./escape.ts";
import type { CreateReporter, FileReport } from "./reporter.ts";
import { createStyle, type Style } from "./style.ts";
import { summaryLine } from "./summary.ts";

/** A line a finding, grouped by file, as eslint's format of that name; then one line that counts them. */
export const createStylishReporter: CreateReporter = ({ color }) => {
  const style = createStyle(color);
  return {
    file: (report) => (report.diagnostics.length === 0 ? "" : fileText(report, style)),
    end: ({ files }) => (files.length === 0 ? "" : `${summaryLine(files, style)}\n`),
  };
};

/** Past this a message moves its rule to the right alone, not the rules of all others. */
const widest = 90;

function fileText({ name, diagnostics }: FileReport, style: Style): string {
  const rows = diagnostics.map((diagnostic) => ({
    diagnostic,
    place: `${diagnostic.range.start.line}:${diagnostic.range.start.column}`,
    message: escapeLine(diagnostic.message),
  }));
  const placeWidth = Math.max(...rows.map(({ place }) => place.length));
  const messageWidth = Math.min(widest, Math.max(...rows.map(({ message }) => displayWidth(message))));
  const lines = rows.map(({ diagnostic, place, message }) =>
    [
      `  ${style.dim(place.padStart(placeWidth))}`,
      severityText(diagnostic, style),
      message + " ".repeat(Math.max(0, messageWidth - displayWidth(message))),
      style.dim(diagnostic.rule),
    ].join("  "),
  );
  return `${style.bold(escapeLine(name))}\n${lines.join("\n")}\n\n`;
}

function severityText({ severity }: Diagnostic, style: Style): string {
  const text = severity.padEnd("warning".length);
  return severity === "error" ? style.red(text) : severity === "warning" ? style.yellow(text) : text;
}
