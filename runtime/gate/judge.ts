import type { GateRequest } from "./gate.ts";
import { fitsPattern } from "./name-pattern.ts";
import type { Policy, PolicyAction, PolicyRule } from "./policy.ts";

/** What a policy says of a call. */
export interface Judgement {
  readonly action: PolicyAction;
  /** Absent where no rule fits. */
  readonly rule?: PolicyRule;
  /** Of the rule, from 0 on. */
  readonly index?: number;
}

/** The first rule that fits decides. */
export function judge(policy: Policy, request: GateRequest): Judgement {
  const index = policy.rules.findIndex((rule) => fits(rule, request));
  const rule = policy.rules[index];
  return rule ? { action: rule.action, rule, index } : { action: policy.default };
}

function fits(rule: PolicyRule, { tool, connector, tags, destructive, caller }: GateRequest): boolean {
  return (
    named(rule.tool, [tool]) &&
    named(rule.connector, [connector]) &&
    named(rule.tenant, [caller.tenant]) &&
    named(rule.tag, tags) &&
    (rule.destructive === undefined || rule.destructive === destructive)
  );
}

function named(patterns: readonly string[] | undefined, names: readonly string[]): boolean {
  return !patterns || names.some((name) => patterns.some((pattern) => fitsPattern(name, pattern)));
}
