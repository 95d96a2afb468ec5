import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { compile } from "../../../compiler/index.ts";

const jira = readFileSync(new URL("../../../descriptors/jira-cloud/connector.yaml", import.meta.url), "utf8");

it("finds a name of no limit beside limits that share one", async () => {
  const text = jira.replace("[per_account, issue_writes]", "[per_account, issue_rwites]");
  const { diagnostics } = await compile(text);
  expect(diagnostics).toMatchObject([
    { rule: "reference/unknown-limit", range: { start: { line: lineOf(text, "issue_rwites") } } },
  ]);
});

it("finds that one window of a limit lost its name", async () => {
  const text = jira.replace("  - name: issue_writes", "  - name: issue_rwites");
  const { diagnostics } = await compile(text);
  expect(diagnostics).toMatchObject([
    { rule: "limit/unused", range: { start: { line: lineOf(text, "issue_rwites") } } },
  ]);
});

function lineOf(text: string, words: string): number {
  return text.slice(0, text.indexOf(words)).split("\n").length;
}
