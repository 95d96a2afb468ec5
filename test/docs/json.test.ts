/** The table of `docs/json.md` against what the tests of JSON answers expect; `UPDATE=1` writes it. */
import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type Choice, jsonChoices } from "../runtime/response/json-choices.ts";

const page = new URL("../../docs/json.md", import.meta.url);

function row([file, { becomes, why }]: readonly [string, Choice]): string {
  const text = JSON.stringify(becomes?.value) ?? "";
  const shown = text.length > 40 ? `${text.slice(0, 20)}…${text.slice(-10)}` : text;
  return `| \`${file}\` | ${becomes ? `\`${shown}\`` : "`response_invalid`"} | ${why} |`;
}

test("docs/json.md tells of every text that is left to the reader what the tests expect", () => {
  const text = readFileSync(page, "utf8");
  const head = text.slice(0, text.indexOf("| file |"));
  const rows = Object.entries(jsonChoices).map(row);
  const whole = `${head}${["| file | what comes out | why |", "| --- | --- | --- |", ...rows].join("\n")}\n`;
  if (process.env.UPDATE === "1") writeFileSync(page, whole);
  expect(text).toBe(whole);
});
