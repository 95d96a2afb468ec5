/** The `matches` tests of an IR: compiled at load by the linear-time engine, which loads when the first is met. */
import type { ValueTest } from "../../schema/ir.ts";
import type { PatternTest } from "../../schema/language/pattern-engine.ts";
import { ConnectorError } from "../errors.ts";

/** Compiled patterns, by the object of the IR that holds each; they go when the IR goes. */
const compiled = new WeakMap<ValueTest, PatternTest>();

/** Compiles the patterns of these tests; without any, nothing loads and nothing is awaited. */
export function loadPatterns(tests: Iterable<ValueTest>): void | Promise<void> {
  const waiting = [...tests].filter((test) => test.matches !== undefined && !compiled.has(test));
  if (waiting.length === 0) return;
  return compileAll(waiting);
}

async function compileAll(tests: readonly ValueTest[]): Promise<void> {
  const { compilePattern } = await import("../../schema/language/pattern-engine.ts");
  for (const test of tests) {
    const pattern = compilePattern(test.matches ?? "", "search");
    // One that cannot be run never matches; the compiler has warned.
    compiled.set(test, "test" in pattern ? pattern.test : () => false);
  }
}

/** True where the test's pattern is found in the text. */
export function findsPattern(test: ValueTest, text: string): boolean {
  const run = compiled.get(test);
  if (run) return run(text);
  throw new ConnectorError({
    code: "internal",
    phase: "response",
    message: "A pattern was not compiled at load; please report this.",
  });
}
