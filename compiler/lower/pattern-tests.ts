import type { PatternTest } from "../../schema/language/pattern-engine.ts";
import type { Cursor } from "./cursor.ts";

/** Gives the test of a pattern against a whole text; undefined for one that cannot be run. */
export type TestOf = (pattern: string) => PatternTest | undefined;

/**
 * Loads the linear-time engine where a pattern of a setting or credential field needs it. Most are so plain that the
 * engine of JavaScript is as safe for short texts, and loading another would cost more than all the rest.
 */
export async function loadPatternTests(root: Cursor): Promise<TestOf> {
  const fields = [
    ...root.at("connection_config").items(),
    ...root
      .at("authentication")
      .items()
      .flatMap((profile) => profile.at("fields").items()),
  ];
  const patterns = fields.flatMap((field) => field.at("pattern").string() ?? []);
  if (patterns.every(isTame)) return tameTest;
  const { compilePattern } = await import("../../schema/language/pattern-engine.ts");
  const known = new Map<string, PatternTest | undefined>();
  return (pattern) => {
    if (isTame(pattern)) return tameTest(pattern);
    if (known.has(pattern)) return known.get(pattern);
    // What no author writes by hand is believed: a descriptor must not buy minutes of the compiler's time.
    const compiled =
      known.size < mostPatterns && sizeOf(pattern) <= mostStates
        ? compilePattern(pattern, "whole")
        : undefined;
    const test = compiled && "test" in compiled ? compiled.test : undefined;
    known.set(pattern, test);
    return test;
  };
}

const mostPatterns = 64;
const mostStates = 1000;

/** About the states of the automaton: each character once, or as often as the repetitions around it allow. */
function sizeOf(pattern: string): number {
  const repetitions = [...pattern.matchAll(/\{(\d+)(?:,(\d*))?\}/g)].map(([, from = "0", to]) =>
    Math.max(Number(from), Number(to ?? 0), 1),
  );
  const nested = /\)\{/.test(pattern);
  return pattern.length + repetitions.reduce((sum, times) => (nested ? sum * times : sum + times), 1);
}

/** The longest text that is held against a pattern here. */
export const longestProbe = 64;

const mostSteps = 40_000;

/**
 * True where backtracking over a probe is bounded by few steps: each open quantifier can stop at any of the text's
 * places, each choice doubles the ways, and no group that holds one of them is repeated.
 */
export function isTame(pattern: string): boolean {
  if (pattern.length > 200) return false;
  const bare = pattern.replace(/\\[\s\S]/g, "x").replace(/\[[^\]]*\]/g, "x");
  if (/\)(?:[*+]|\{)/.test(bare) || /\(\?[^:]/.test(bare) || /\\[1-9k]/.test(pattern)) return false;
  const open = (bare.match(/[*+]|\{\d+,\d*\}/g) ?? []).length;
  const choices = (bare.match(/[|?]/g) ?? []).length;
  return longestProbe ** open * 2 ** choices <= mostSteps;
}

const tameTest: TestOf = (pattern) => {
  for (const flags of ["u", ""]) {
    try {
      const compiled = new RegExp(`^(?:${pattern})$`, flags);
      return (text) => compiled.test(text);
    } catch {
      // Without the flag u more is allowed, such as an escaped dash; what is no pattern at all has its own finding.
    }
  }
  return undefined;
};
