import type { Severity } from "../schema/diagnostic.ts";
import { rules } from "./check/rules.ts";
import type { RuleId } from "./diagnostics.ts";
import { ignoreRules } from "./ignore/rules.ts";
import { lowerRules } from "./lower/rules.ts";
import { readRules } from "./read/rules.ts";
import { structureRules } from "./validate/rules.ts";

export interface RuleInfo {
  readonly severity: Severity;
  /** One sentence: what the rule finds. */
  readonly summary: string;
  /**
   * The smallest preset that has the rule: `minimal` holds what cannot work, `recommended` also what may not work or
   * is weak, `strict` also style. Unsaid, errors are minimal, warnings recommended, infos strict.
   */
  readonly preset?: Preset;
  /** A rule that the next major version brings: off in every preset until then, unless `next` rules are asked for. */
  readonly next?: true;
  /**
   * Its errors leave names or ids that mean nothing or two things, so that no compiled connector could be trusted: the
   * rule cannot be turned off, lowered or ignored. Errors of the phases before the rules of `check/` are so without it.
   */
  readonly blocking?: true;
}

export type Preset = "minimal" | "recommended" | "strict";

/** Every rule of every phase, with its default severity. A test holds it against the sample folders and the docs. */
export const catalog: { readonly [rule: RuleId]: RuleInfo } = {
  ...readRules,
  ...structureRules,
  ...lowerRules,
  ...ignoreRules,
  ...Object.fromEntries(rules.map((rule) => [rule.id, rule])),
};

export function severityOf(rule: RuleId): Severity {
  return catalog[rule]?.severity ?? "error";
}
