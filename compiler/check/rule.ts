import type { RuleInfo } from "../catalog.ts";
import type { Finding, RuleId } from "../diagnostics.ts";
import type { Model } from "../lower/lower.ts";

/** One thing that the model is judged by. A rule reports under its own id only. */
export interface Rule extends RuleInfo {
  readonly id: RuleId;
  /** It says that something stands nowhere: unsaid where a part of the document was found at fault and left out. */
  readonly needsWhole?: boolean;
  readonly check: (model: Model, report: (finding: Omit<Finding, "rule">) => void) => void;
}
