import { describe, expect, it } from "vitest";
import { findsPattern, loadPatterns } from "../../../runtime/response/pattern.ts";
import { compilePattern } from "../../../schema/language/pattern-engine.ts";

function test(pattern: string, text: string, mode: "search" | "whole" = "search"): boolean {
  const compiled = compilePattern(pattern, mode);
  if ("problem" in compiled) throw new Error(compiled.problem);
  return compiled.test(text);
}

describe("patterns", () => {
  it.each([
    ["^[a-z0-9-]+$", "acme-1", true],
    ["b", "abc", true],
    ["^b", "abc", false],
    ["\\u0041\\x42", "AB", true],
    ["(?<year>\\d{4})", "in 2024", true],
    ["\\p{Letter}\\P{L}", "é1", true],
    ["^\\p{Script=Greek}+$", "αβγ", true],
    ["\\\\p{Letter}", "\\p{Letter}", true],
    ["^a.c$", "a💩c", true],
    ["(?i)abc", "ABC", true],
  ])("%s in %j", (pattern, text, expected) => expect(test(pattern, text)).toBe(expected));

  it("may have to match the whole text", () => {
    expect(test("a|ab", "ab", "whole")).toBe(true);
    expect(test("a|ab", "abc", "whole")).toBe(false);
    expect(test("^ab$", "ab", "whole")).toBe(true);
  });

  it.each([
    ["(?=a)b", "the pattern uses look-around, which the linear-time engine cannot run"],
    ["(?<!a)b", "the pattern uses look-around, which the linear-time engine cannot run"],
    ["(a)\\1", "the pattern uses a back-reference, which the linear-time engine cannot run"],
    ["(?<x>a)\\k<x>", "the pattern uses a back-reference, which the linear-time engine cannot run"],
    ["[a-z", "the pattern cannot be run: missing closing ]: `[a-z`"],
    ["a{2000}", "the pattern cannot be run: invalid repeat count: `{2000}`"],
  ])("%s is refused in a sentence", (pattern, problem) =>
    expect(compilePattern(pattern, "search")).toEqual({ problem }),
  );

  it("are compiled once, at load, and only where there are any", async () => {
    expect(loadPatterns([{ equals: 1 }, {}])).toBeUndefined();
    const wanted = { matches: "^a" };
    await loadPatterns([wanted, { matches: "(?=a)" }]);
    expect(loadPatterns([wanted])).toBeUndefined();
    expect(findsPattern(wanted, "abc")).toBe(true);
  });
});
