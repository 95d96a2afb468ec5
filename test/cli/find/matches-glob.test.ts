import { describe, expect, it } from "vitest";
import { matchesGlob } from "../../../cli/find/glob.ts";

describe("globs of a configuration", () => {
  it.each([
    ["a.yaml", "a.yaml", true],
    ["a.yaml", "deep/er/a.yaml", true],
    ["./a.yaml", "a.yaml", true],
    ["./a.yaml", "deep/a.yaml", false],
    ["/a.yaml", "deep/a.yaml", false],
    ["*.yaml", "deep/a.yaml", true],
    ["*.yaml", "deep/a.yml", false],
    ["legacy", "legacy/a.yaml", true],
    ["legacy/", "x/legacy/y/a.yaml", true],
    ["x/legacy", "x/legacy/y/a.yaml", true],
    ["legacy/y", "x/legacy/y/a.yaml", false],
    ["**/y", "x/legacy/y/a.yaml", true],
    ["x/**/a.yaml", "x/a.yaml", true],
    ["x/**/a.yaml", "x/y/z/a.yaml", true],
    ["x/*/a.yaml", "x/y/z/a.yaml", false],
    ["{x,y}/a.y{a,}ml", "y/a.yml", true],
    ["**", ".hidden/a.yaml", true],
    ["*", ".a.yaml", false],
    ["[ab].yaml", "b.yaml", true],
    ["../a.yaml", "../a.yaml", true],
    ["legacy", "legacy.yaml", false],
  ])("%s names %s: %s", (pattern, path, named) => {
    expect(matchesGlob(pattern, path)).toBe(named);
  });

  it("answers fast where many stars could match in many ways", () => {
    const path = `${"a/".repeat(30)}b`;
    expect(matchesGlob(`${"**/a/".repeat(12)}c`, path)).toBe(false);
    expect(matchesGlob(`${"*a".repeat(20)}c`, "a".repeat(200))).toBe(false);
  });
});
