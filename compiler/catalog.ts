import type { Severity } from "../schema/diagnostic.ts";
import { rules } from "./check/rules.ts";
import type { RuleId } from "./diagnostics.ts";
import { lowerRules } from "./lower/rules.ts";
import { readRules } from "./read/rules.ts";
import { structureRules } from "./validate/rules.ts";

export interface RuleInfo {
  readonly severity: Severity;
  /** One sentence: what the rule finds. */
  readonly summary: string;
}

/** Every rule of every phase, with its default severity. A test holds it against the sample folders and the docs. */
export const catalog: { readonly [rule: RuleId]: RuleInfo } = {
  ...readRules,
  ...structureRules,
  ...lowerRules,
  ...Object.fromEntries(rules.map(({ id, severity, summary }) => [id, { severity, summary }])),
};

export function severityOf(rule: RuleId): Severity {
  return catalog[rule]?.severity ?? "error";
}
