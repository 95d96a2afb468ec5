import type { Diagnostic } from "../../schema/diagnostic.ts";
import type { Style } from "./style.ts";

/** The closing line of a human report: `2 files: 1 error, 3 warnings`. */
export function summaryLine(files: number, diagnostics: readonly Diagnostic[], style: Style): string {
  const errors = diagnostics.filter(({ severity }) => severity === "error").length;
  const warnings = diagnostics.filter(({ severity }) => severity === "warning").length;
  const infos = diagnostics.length - errors - warnings;
  const said = [
    errors > 0 ? style.red(counted(errors, "error")) : style.green("no errors"),
    ...(warnings > 0 ? [style.yellow(counted(warnings, "warning"))] : []),
    ...(infos > 0 ? [counted(infos, "hint")] : []),
  ];
  return `${counted(files, "file")}: ${said.join(", ")}`;
}

/** `1 file`, `2 files`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
