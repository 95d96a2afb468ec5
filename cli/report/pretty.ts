import { createRenderer } from "../../compiler/render.ts";
import type { Diagnostic } from "../../schema/diagnostic.ts";

/** The findings of one file as a person reads them: each with its place in the source, a blank line between. */
export function prettyReport(diagnostics: readonly Diagnostic[], text: string, color: boolean): string {
  const render = createRenderer(text, { color });
  return diagnostics.map((diagnostic) => `${render(diagnostic).trimEnd()}\n\n`).join("");
}
