import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { catalog } from "../../compiler/catalog.ts";

const page = new URL("../../docs/rules.md", import.meta.url);

/** The page as the catalog and the samples give it; `UPDATE=1` writes it. */
function rulesPage(): string {
  const rules = Object.entries(catalog).sort(([a], [b]) => (a < b ? -1 : 1));
  const rows = rules.map(
    ([id, { severity, summary }]) =>
      `| [\`${id}\`](#${id.replace("/", "")}) | ${severity} | ${summary.replaceAll("|", "\\|")} |`,
  );
  const sections = rules.map(([id, { severity, summary }]) => {
    const report = readFileSync(new URL(`../samples/${id}/report.txt`, import.meta.url), "utf8").trimEnd();
    const shown = report.split("\n").map((line) => (line.length > 160 ? `${line.slice(0, 159)}…` : line));
    return `## ${id}\n\n${severity}: ${summary}\n\n\`\`\`text\n${shown.join("\n")}\n\`\`\`\n`;
  });
  return [
    "# Rules",
    "",
    "Every finding of `connector validate` has a rule. An **error** cannot work, or leaks a credential to a foreign host;",
    "a **warning** may not work, or is weak. `connector explain RULE` shows a rule in the terminal. The example under each",
    "rule is a descriptor of the test suite with one mistake, reported as you would see it.",
    "",
    "| rule | severity | what it finds |",
    "| --- | --- | --- |",
    ...rows,
    "",
    ...sections,
  ].join("\n");
}

test("docs/rules.md shows every rule with its severity and a report", () => {
  const text = rulesPage();
  if (process.env.UPDATE === "1") writeFileSync(page, text);
  expect(readFileSync(page, "utf8")).toBe(text);
});
