import type { Severity } from "../../schema/diagnostic.ts";
import { closest } from "../../schema/language/spelling.ts";
import { catalog } from "../catalog.ts";
import { isBlocking } from "../policy.ts";

/** Severities that a project gives to rules. */
export type RuleLevels = { readonly [rule: string]: Severity | "off" };

/** Why a severity cannot be given to a rule; undefined where it can. Options of the command line ask the same. */
export function ruleProblem(
  rule: string,
  level: unknown,
): { readonly message: string; readonly help: string; readonly replace?: string } | undefined {
  if (!Object.hasOwn(catalog, rule)) {
    const near = closest(rule, Object.keys(catalog));
    return {
      message: `There is no rule \`${rule}\`.`,
      help: near === undefined ? "`connector explain` lists the rules." : `Did you mean \`${near}\`?`,
      ...(near === undefined ? {} : { replace: near }),
    };
  }
  // Every id of the catalog has this form.
  if (level === "error" || !isBlocking(rule as `${string}/${string}`)) return undefined;
  return {
    message: `The rule \`${rule}\` is always an error: what it finds leaves nothing that could be compiled.`,
    help: "Leave it out here, and mend what the rule finds.",
  };
}
