import { readFileSync, writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { diffAreas } from "../../../compiler/diff/catalog.ts";
import type { DiffRule } from "../../../compiler/diff/change.ts";
import { versionRules } from "../../../compiler/diff/version.ts";

const page = new URL("../../../docs/diff.md", import.meta.url);

/** The page with its tables as the catalog gives them; `UPDATE=1` writes it. */
function withTables(text: string): string {
  const versions = [
    "| rule | what it finds |",
    "| --- | --- |",
    ...Object.entries(versionRules).map(([id, { summary }]) => `| \`${id}\` | ${cell(summary)} |`),
  ];
  const rules = Object.entries(diffAreas).flatMap(([area, all]) => [
    `### ${area}`,
    "",
    "| rule | level | what it finds |",
    "| --- | --- | --- |",
    ...Object.entries(all).map(([id, rule]) => `| \`${id}\` | ${levelText(rule)} | ${cell(rule.summary)} |`),
    "",
  ]);
  return between(between(text, "versions", versions), "rules", rules.slice(0, -1));
}

function levelText({ level, security, undecided }: DiffRule): string {
  return [level, ...(security ? ["security"] : []), ...(undecided ? ["to be judged"] : [])].join(", ");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

function between(text: string, mark: string, lines: readonly string[]): string {
  return text.replace(
    new RegExp(`(<!-- ${mark} -->\n)[\\s\\S]*?(<!-- end -->)`),
    (_, start: string, end: string) => `${start}${lines.join("\n")}\n${end}`,
  );
}

it("docs/diff.md lists every rule with its level", () => {
  const text = readFileSync(page, "utf8");
  const wanted = withTables(text);
  if (process.env.UPDATE === "1") writeFileSync(page, wanted);
  expect(readFileSync(page, "utf8")).toBe(wanted);
  expect(wanted).toContain("`diff/parameter-became-required` | major");
});
