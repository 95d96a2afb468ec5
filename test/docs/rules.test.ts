/** `docs/rules.md` and the pages of `docs/rules` against the catalog and the samples; `UPDATE=1` writes them. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseRulePage } from "../../cli/report/rule-page.ts";
import { indexPage, rulePage, sortedRules } from "./rule-pages.ts";

const update = process.env.UPDATE === "1";
const index = new URL("../../docs/rules.md", import.meta.url);
const folder = new URL("../../docs/rules/", import.meta.url);
const pageOf = (id: string): URL => new URL(`${id}.md`, folder);

const pages = existsSync(folder)
  ? readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".md"))
      .map((file) => file.slice(0, -".md".length).replaceAll("\\", "/"))
  : [];
const written = sortedRules.filter(([id]) => pages.includes(id));

test("docs/rules.md lists every rule with its severity and preset", () => {
  const text = indexPage();
  if (update) writeFileSync(index, text);
  expect(readFileSync(index, "utf8")).toBe(text);
});

test("every rule has a page of prose", () => {
  const prose = (id: string): string =>
    pages.includes(id) ? parseRulePage(readFileSync(pageOf(id), "utf8")).prose : "";
  expect(sortedRules.map(([id]) => id).filter((id) => prose(id).length < 80)).toEqual([]);
});

test("every page has a rule", () => {
  const ids = sortedRules.map(([id]) => id);
  expect(pages.filter((id) => !ids.includes(id))).toEqual([]);
});

describe("each page is whole: its heading, its prose, the sample and its report", () => {
  test.each(written)("%s", (id, info) => {
    const now = readFileSync(pageOf(id), "utf8");
    const text = rulePage(id, info, now);
    if (update && text !== now) writeFileSync(pageOf(id), text);
    expect(readFileSync(pageOf(id), "utf8")).toBe(text);
  });
});

describe("prose", () => {
  test.each(written)("%s holds no heading, no HTML, and links to what is there", (id) => {
    const { prose } = parseRulePage(readFileSync(pageOf(id), "utf8"));
    const plain = prose.replace(/^(`{3,}).*\n[\s\S]*?^\1$/gm, "").replace(/(`+)[^`]+\1/g, "");
    expect(plain).not.toMatch(/^#+ |<[a-z!/]/m);
    for (const [, target = ""] of plain.matchAll(/\]\(([^)#]*)[^)]*\)/g))
      if (!/^https:\/\//.test(target)) expect(existsSync(new URL(target, pageOf(id))), target).toBe(true);
  });
});
