import type { Diagnostic, Severity } from "../../schema/diagnostic.ts";
import type { RunReport } from "../report/reporter.ts";
import { counted } from "../report/summary.ts";
import type { ExitCode } from "../world.ts";
import { severities } from "./levels.ts";
import type { Settings, WarningBudget } from "./settings.ts";

export interface Verdict {
  /** 2 for what could not be read, 1 for findings that fail the run. */
  readonly code: ExitCode;
  /** A sentence where the findings alone do not say why the run fails. */
  readonly because?: string;
}

export function verdict({ files, problems }: RunReport, settings: Settings): Verdict {
  if (problems.length > 0) return { code: 2 };
  const warned = new Map<WarningBudget, number>();
  for (const { name, diagnostics } of files) {
    const { failSeverity, warnings } = settings.boundsOf(name);
    if (diagnostics.some((one) => fails(one, failSeverity))) return { code: 1 };
    const count = diagnostics.filter(({ severity }) => severity === "warning").length;
    warned.set(warnings, (warned.get(warnings) ?? 0) + count);
  }
  const [over] = [...warned].filter(([{ most }, count]) => count > most);
  if (!over) return { code: 0 };
  return { code: 1, because: `${counted(over[1], "warning")}, and at most ${over[0].most} may stand` };
}

function fails({ severity }: Diagnostic, least: Severity | "none"): boolean {
  return least !== "none" && severities.indexOf(severity) <= severities.indexOf(least);
}
