import { type RuleLevels, ruleProblem } from "../../compiler/config/rule-levels.ts";
import type { Severity } from "../../schema/diagnostic.ts";
import { CommandFailure } from "../failure.ts";
import { severities } from "./levels.ts";

/** What `--rule id=severity` says, all of it; what cannot be ends the command. */
export function readRuleFlags(flags: readonly string[]): RuleLevels {
  return Object.fromEntries(flags.map(readRuleFlag));
}

function readRuleFlag(flag: string): readonly [string, Severity | "off"] {
  const equals = flag.lastIndexOf("=");
  const rule = flag.slice(0, equals < 0 ? flag.length : equals).trim();
  const level = equals < 0 ? undefined : flag.slice(equals + 1).trim();
  if (!isLevel(level))
    throw new CommandFailure(
      `--rule ${flag} gives no severity; write ${rule || "RULE"}=off, =info, =warning or =error`,
    );
  const problem = ruleProblem(rule, level);
  if (problem) throw new CommandFailure(`--rule ${flag}: ${inline(problem.message)} ${inline(problem.help)}`);
  return [rule, level];
}

function isLevel(text: string | undefined): text is Severity | "off" {
  return text === "off" || severities.some((severity) => severity === text);
}

function inline(sentence: string): string {
  return sentence.replaceAll("`", "");
}
