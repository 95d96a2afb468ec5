import { catalog, type Preset } from "../../compiler/catalog.ts";
import type { RuleId } from "../../compiler/diagnostics.ts";
import { isBlocking, presetOf } from "../../compiler/policy.ts";
import type { Severity } from "../../schema/diagnostic.ts";

/** A rule as `connector explain` knows it, with or without its page. */
export interface ExplainedRule {
  readonly id: string;
  readonly severity: Severity;
  /** The smallest preset that has it. */
  readonly preset: Preset;
  /** Off until the next major version. */
  readonly next: boolean;
  /** Cannot be turned off, lowered or ignored. */
  readonly blocking: boolean;
  readonly summary: string;
}

/** Every rule, in the order of its id. */
export function explainedRules(): readonly ExplainedRule[] {
  return Object.entries(catalog)
    .map(([id, info]) => ({
      id,
      severity: info.severity,
      preset: presetOf(info, info.severity),
      next: info.next ?? false,
      // Every id of the catalog has this form.
      blocking: isBlocking(id as RuleId),
      summary: info.summary,
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** What stands before the slash. */
export function areaOf(id: string): string {
  return id.slice(0, id.indexOf("/"));
}
