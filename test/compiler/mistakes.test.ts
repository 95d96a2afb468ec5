import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { compileText } from "../../compiler/compile.ts";
import { mistakes } from "./mistakes.ts";

const base = readFileSync(new URL("../support/base.yaml", import.meta.url), "utf8");

test("the descriptor without a mistake has no finding", async () => {
  const { diagnostics, connectors } = await compileText(base);
  expect(diagnostics).toEqual([]);
  expect(connectors.map(({ slug }) => slug)).toEqual(["desk"]);
});

test.each(mistakes)("$title: $rule", async ({ find, put, rule, at, severity }) => {
  expect(base.split(find).length, "the text to replace stands once").toBe(2);
  const text = base.replace(find, () => put);
  const { diagnostics } = await compileText(text);
  const lines = text.split("\n");
  const told = diagnostics.map((d) => {
    const line = lines[d.range.start.line - 1] ?? "";
    const end = d.range.end.line === d.range.start.line ? d.range.end.column - 1 : line.length;
    return { rule: d.rule, severity: d.severity, at: line.slice(d.range.start.column - 1, end) };
  });
  expect(told).toEqual([{ rule, severity: severity ?? "error", at }]);
});
