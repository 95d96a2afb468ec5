/**
 * Keeps what is found in one file, within bounds: two mebibytes of mistakes are answered as fast as two mebibytes of
 * sense, and nobody mends a thousand places before the next run.
 */
import type { Severity } from "../schema/diagnostic.ts";
import type { Found } from "./compile.ts";
import type { Finding } from "./diagnostics.ts";
import { maxFindings, TooManyFindings } from "./read/limits.ts";

export interface Intake {
  /** What applies, in the order in which it was found. */
  readonly found: readonly Found[];
  /** Whether anything was left out, so that what is missing proves nothing. */
  readonly overflowed: boolean;
  /** Throws `TooManyFindings` with the last error that is kept: the rest of the file is not judged. */
  take(one: Omit<Found, "severity">, severity: Severity | "off"): void;
  /** Counts a finding that is not kept. */
  leave(severity: Severity): void;
  /** Adds the finding that says what is not shown, if anything, once everything was looked at. */
  close(document: number, end: number): void;
}

export function createIntake(): Intake {
  const found: Found[] = [];
  const left = { warning: 0, info: 0 };
  let errors = 0;
  let others = 0;
  return {
    found,
    get overflowed() {
      return errors >= maxFindings || left.warning + left.info > 0;
    },
    take(one, severity) {
      if (severity === "error") {
        if (errors < maxFindings) found.push({ ...one, severity });
        errors += 1;
        if (errors === maxFindings) throw new TooManyFindings();
      } else if (severity === "off") return;
      else if (others < maxFindings) {
        others += 1;
        found.push({ ...one, severity });
      } else left[severity] += 1;
    },
    leave(severity) {
      left[severity === "info" ? "info" : "warning"] += 1;
    },
    close(document, end) {
      const finding = restOf(errors >= maxFindings, left, end);
      if (finding) found.push({ document, finding, phase: 0, severity: finding.severity ?? "error" });
    },
  };
}

function restOf(
  stopped: boolean,
  { warning, info }: { readonly warning: number; readonly info: number },
  end: number,
): Finding | undefined {
  const at = { rule: "file/too-many-findings", path: [], span: { start: end, end } } as const;
  if (stopped)
    return {
      ...at,
      message: `This file has ${maxFindings} errors or more; what else is wrong with it was not looked at.`,
      help: "Mend these first, and validate it again.",
    };
  if (warning + info === 0) return undefined;
  return {
    ...at,
    severity: warning > 0 ? "warning" : "info",
    message: `This file has ${warning + info} more findings, none of them an error, which are not shown.`,
    help: "Mend these first, or switch off the rule that finds so much.",
  };
}
