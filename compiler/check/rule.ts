import type { Severity } from "../../schema/diagnostic.ts";
import type { Finding, RuleId } from "../diagnostics.ts";
import type { Model } from "../lower/lower.ts";

/** One thing that the model is judged by. A rule reports under its own id only. */
export interface Rule {
  readonly id: RuleId;
  readonly severity: Severity;
  /** One sentence: what the rule finds. */
  readonly summary: string;
  readonly check: (model: Model, report: (finding: Omit<Finding, "rule">) => void) => void;
}
