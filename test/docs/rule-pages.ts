/** What is generated of `docs/rules.md` and the pages of `docs/rules`, from the catalog and the samples. */
import { existsSync, readFileSync } from "node:fs";
import { generatedMark, parseRulePage } from "../../cli/report/rule-page.ts";
import { catalog, type RuleInfo } from "../../compiler/catalog.ts";
import type { RuleId } from "../../compiler/diagnostics.ts";
import { isBlocking, presetOf } from "../../compiler/policy.ts";

/** Every rule, in the order of its id. */
export const sortedRules: readonly (readonly [string, RuleInfo])[] = Object.entries(catalog).sort(
  ([a], [b]) => (a < b ? -1 : 1),
);

/** The index: one table an area, each rule linked to its page. */
export function indexPage(): string {
  const areas = [...new Set(sortedRules.map(([id]) => areaOf(id)))];
  const sections = areas.map((area) =>
    [
      `## ${area}`,
      "",
      "| rule | severity | preset | what it finds |",
      "| --- | --- | --- | --- |",
      ...sortedRules.filter(([id]) => areaOf(id) === area).map(([id, info]) => indexRow(id, info)),
      "",
    ].join("\n"),
  );
  return [
    "# Rules",
    "",
    "Every finding of `connector validate` has a rule. An **error** cannot work, or leaks a credential to a foreign host;",
    "a **warning** may not work, or is weak; an **info** is a matter of style. The preset is the smallest that has the rule:",
    "`minimal` holds what cannot work, `recommended` (the default) also what may not work or is weak, `strict` also style.",
    "A rule marked *next* is off in every preset until the next major version, unless `--next` asks for it.",
    "`connector explain RULE` shows a page in the terminal, `connector explain` lists all rules.",
    "",
    ...sections,
  ].join("\n");
}

function areaOf(id: string): string {
  return id.slice(0, id.indexOf("/"));
}

function indexRow(id: string, info: RuleInfo): string {
  const summary = info.summary.replaceAll("|", "\\|");
  return `| [\`${id}\`](rules/${id}.md) | ${info.severity} | ${standing(info)} | ${summary} |`;
}

/** The page of a rule, from what it holds now: its prose stays, all else is made anew. */
export function rulePage(id: string, info: RuleInfo, now: string): string {
  const { prose } = parseRulePage(now);
  // Every id of the catalog has this form.
  const always = isBlocking(id as RuleId) ? "; cannot be turned off or ignored" : "";
  const heading = `# ${id}\n\n> **${info.severity}**, preset ${standing(info)}${always}. ${info.summary}\n`;
  return [heading, `${prose}\n`, `${generatedMark}\n`, exampleOf(id)].join("\n");
}

function standing(info: RuleInfo): string {
  return `\`${presetOf(info, info.severity)}\`${info.next ? ", *next*" : ""}`;
}

const samples = new URL("../samples/", import.meta.url);

function exampleOf(id: string): string {
  const report = readFileSync(new URL(`${id}/report.txt`, samples), "utf8").trimEnd();
  const excerpt = excerptOf(id, placesOf(report));
  const shown = report.split("\n").map(cut).join("\n");
  return [
    "## Example",
    "",
    ...(excerpt === undefined ? [] : [excerpt, "", "`connector validate` reports:", ""]),
    fenced("text", shown),
    "",
  ].join("\n");
}

/** The lines that a report speaks of: the numbers in its gutter. */
function placesOf(report: string): readonly number[] {
  return [...report.matchAll(/^ *(\d+) \|/gm)].map(([, number]) => Number(number));
}

/** The sample's lines around its places; none of a file that is no text, or is too large to be kept. */
function excerptOf(id: string, places: readonly number[]): string | undefined {
  const format = ["yaml", "json"].find((one) => existsSync(new URL(`${id}/connector.${one}`, samples)));
  if (format === undefined || places.length === 0) return undefined;
  const text = readFileSync(new URL(`${id}/connector.${format}`, samples), "utf8");
  if (/[\0\ufffd]/.test(text)) return undefined;
  const lines = text.trimEnd().split("\n");
  const shown = lines.flatMap((line, index) =>
    places.some((place) => index + 1 >= place - 4 && index + 1 <= place + 2) ? [{ index, line }] : [],
  );
  const excerpt = shown.flatMap(({ index, line }, at) => {
    const gap = at > 0 && index !== (shown[at - 1]?.index ?? 0) + 1;
    return [...(gap ? [format === "yaml" ? "# …" : "…"] : []), cut(line)];
  });
  return fenced(format, excerpt.join("\n"));
}

function cut(line: string): string {
  return line.length > 160 ? `${line.slice(0, 159)}…` : line;
}

/** A code block whose fence is longer than any within. */
function fenced(info: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${info}\n${text}\n${fence}`;
}
