/** Which rules a project asks for, and how grave each is to it. */
import type { Severity } from "../schema/diagnostic.ts";
import { catalog, type Preset, type RuleInfo, severityOf } from "./catalog.ts";
import { rules } from "./check/rules.ts";
import type { RuleId } from "./diagnostics.ts";
import { ignoreRules } from "./ignore/rules.ts";

export interface Policy {
  /** `recommended` when left out. */
  readonly preset?: Preset;
  /**
   * Rules that are off, or of another severity than their own. They win over the preset. What cannot be compiled
   * at all stays an error, whatever they say (see `isBlocking`).
   */
  readonly rules?: { readonly [rule: string]: Severity | "off" };
  /** Whether rules apply that only the next major version will bring by itself. */
  readonly next?: boolean;
}

/** The severity of a finding under a policy, or `off`. `own` is what the rule said of this one finding, if anything. */
export type Judge = (rule: RuleId, own?: Severity) => Severity | "off";

/** Errors that leave nothing to compile: those of the phases before the rules of `check/`, and some of these. */
export function isBlocking(rule: RuleId): boolean {
  const info = catalog[rule];
  return info?.blocking === true || (info?.severity === "error" && !optional.has(rule));
}

const optional: ReadonlySet<string> = new Set([...rules.map(({ id }) => id), ...Object.keys(ignoreRules)]);

const presets: readonly Preset[] = ["minimal", "recommended", "strict"];

export function createPolicy(policy: Policy = {}): Judge {
  const wanted = presets.indexOf(policy.preset ?? "recommended");
  const given = new Map(Object.entries(policy.rules ?? {}));
  return (rule, own) => {
    const set = given.get(rule);
    if (set !== undefined && !isBlocking(rule)) return set;
    const severity = own ?? severityOf(rule);
    const info = catalog[rule];
    if (info?.next && !policy.next) return "off";
    return presets.indexOf(presetOf(info, severity)) > wanted ? "off" : severity;
  };
}

/** Where a rule does not say, its finding's severity does: a warning of a rule of errors is no part of `minimal`. */
export function presetOf(info: RuleInfo | undefined, severity: Severity): Preset {
  if (info?.preset) return info.preset;
  return severity === "error" ? "minimal" : severity === "warning" ? "recommended" : "strict";
}
