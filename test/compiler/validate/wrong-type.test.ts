import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { compileText } from "../../../compiler/compile.ts";

const base = readFileSync(new URL("../../support/base.yaml", import.meta.url), "utf8");

async function advice(find: string, put: string) {
  expect(base.split(find).length, "the text to replace stands once").toBe(2);
  const { diagnostics } = await compileText(base.replace(find, put));
  return diagnostics.map(({ help, suggestion }) => [help, suggestion?.text]);
}

describe("a length of time with its unit", () => {
  test.each([
    ["1m", undefined],
    ["1min", "60"],
    ["90 seconds", "90"],
    ["2h", "7200"],
    ["500ms", "0.5"],
  ])("interval_seconds: %s", async (written, meant) => {
    const told = await advice("interval_seconds: 60", `interval_seconds: ${written}`);
    expect(told).toEqual([
      meant
        ? [`Write ${meant}: \`interval_seconds\` is a number of seconds.`, meant]
        : ["Write a number.", undefined],
    ]);
  });

  test("no part of a unit where a whole number is asked for", async () => {
    expect(await advice("ttl_seconds: 86400", "ttl_seconds: 1500ms")).toEqual([
      ["Write a whole number.", undefined],
    ]);
  });
});
