import { describe, expect, it } from "vitest";
import { expandGlob } from "../../../cli/find/glob.ts";
import { folderWith } from "../support.ts";

const files = {
  "a.yaml": "",
  "b.yml": "",
  "deep/c.yaml": "",
  "deep/er/d.yaml": "",
  "node_modules/x/e.yaml": "",
  ".hidden/f.yaml": "",
  "[g].yaml": "",
  "h1.yaml": "",
};

describe("a glob that no shell expanded", () => {
  it.each([
    ["*.yaml", ["[g].yaml", "a.yaml", "h1.yaml"]],
    ["**/*.yaml", ["[g].yaml", "a.yaml", "deep/c.yaml", "deep/er/d.yaml", "h1.yaml"]],
    ["deep/**/*.yaml", ["deep/c.yaml", "deep/er/d.yaml"]],
    ["{a.yaml,b.yml}", ["a.yaml", "b.yml"]],
    ["h[0-9].y?ml", ["h1.yaml"]],
    ["[!h]*.yaml", ["[g].yaml", "a.yaml"]],
    ["*/er/*", ["deep/er/d.yaml"]],
    [".hidden/*.yaml", [".hidden/f.yaml"]],
    ["*.json", []],
    ["nowhere/*.yaml", []],
  ])("%s", async (pattern, expected) => {
    expect(await expandGlob(pattern, await folderWith(files))).toEqual(expected);
  });

  // To try each way of dividing the name among the stars would take minutes.
  it("answers a pattern of many stars at once", async () => {
    const folder = await folderWith({ [`${"a".repeat(60)}.yaml`]: "" });
    expect(await expandGlob(`${"*a".repeat(8)}b`, folder)).toEqual([]);
  });
});
