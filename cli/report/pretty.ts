import { createRenderer } from "../../compiler/render.ts";
import type { Diagnostic } from "../../schema/diagnostic.ts";
import type { CreateReporter } from "./reporter.ts";
import { createStyle } from "./style.ts";
import { summaryLine } from "./summary.ts";

/** Each finding with its place in the source, then one line that counts them. */
export const createPrettyReporter: CreateReporter = ({ color, columns }) => ({
  file: ({ diagnostics, text }) => prettyReport(diagnostics, text, color, columns),
  end: ({ files }) => (files.length === 0 ? "" : `${summaryLine(files, createStyle(color))}\n`),
});

/** The findings of one file as a person reads them: each with its place in the source, a blank line between. */
export function prettyReport(
  diagnostics: readonly Diagnostic[],
  text: string,
  color: boolean,
  columns?: number,
): string {
  if (diagnostics.length === 0) return "";
  const render = createRenderer(text, { color, ...(columns === undefined ? {} : { columns }) });
  return diagnostics.map((diagnostic) => `${render(diagnostic).trimEnd()}\n\n`).join("");
}
