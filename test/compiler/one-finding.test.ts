/**
 * Mistakes as authors make them, each with the one finding that it has: `one-finding/*.yaml` says what is replaced in the
 * base descriptor, the finding, and the text that it shows.
 */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { compileText } from "../../compiler/compile.ts";

interface Row {
  readonly find: string;
  readonly put: string;
  /** Severity and rule. */
  readonly finding: string;
  readonly at: string;
}

const folder = new URL("one-finding/", import.meta.url);
const base = readFileSync(new URL("../support/base.yaml", import.meta.url), "utf8");

/** What differs, on one line. */
function titleOf({ find, put }: Row): string {
  const from = [...find].findIndex((char, index) => char !== put[index]);
  const start = from < 0 ? find.length : from;
  const shown = (text: string): string => JSON.stringify(text.slice(Math.max(0, start - 15)).slice(0, 60));
  return `${shown(put)} in the place of ${shown(find)}`;
}

describe.each(readdirSync(folder).sort())("%s", (file) => {
  const rows: readonly Row[] = parse(readFileSync(new URL(file, folder), "utf8"));

  test.each(rows.map((row) => [titleOf(row), row] as const))("%s", async (_, { find, put, finding, at }) => {
    expect(base.split(find).length, "the text to replace stands once").toBe(2);
    const text = base.replace(find, () => put);
    const { diagnostics } = await compileText(text);
    const lines = text.split("\n");
    const told = diagnostics.map(({ rule, severity, range: { start, end } }) => {
      const line = lines[start.line - 1] ?? "";
      const last = end.line === start.line ? end.column - 1 : line.length;
      return { finding: `${severity} ${rule}`, at: line.slice(start.column - 1, last) };
    });
    expect(told).toEqual([{ finding, at }]);
  });
});
