import { compilePattern } from "../schema/language/pattern-engine.ts";
import { toText } from "./request/text.ts";

/** What is wrong with a value by its pattern, as a clause without the value; undefined where nothing is. */
export function patternProblem(text: string, value: unknown): string | undefined {
  const pattern = compilePattern(text, "whole");
  // A bound on where credentials go must hold: one that cannot be run lets nothing pass.
  if (!("test" in pattern)) return `has a pattern that cannot be run: ${pattern.problem}`;
  return pattern.test(toText(value)) ? undefined : `does not match its pattern ${text}`;
}
