/** Rules as a person reads them on a terminal. The words are ours, so that nothing needs an escape. */
import type { RulePage } from "../report/rule-page.ts";
import type { Style } from "../report/style.ts";
import { areaOf, type ExplainedRule } from "./explained-rule.ts";

/** One rule: what it finds, why, and an example with its report. */
export function rulePageText(rule: ExplainedRule, page: RulePage | undefined, style: Style): string {
  const parts = [
    `${style.bold(rule.id)} (${standing(rule)}${rule.blocking ? "; cannot be turned off or ignored" : ""})`,
    rule.summary,
    ...(page?.prose ? [plainMarkdown(page.prose, style)] : []),
    ...(page?.example ? [plainMarkdown(page.example, style)] : []),
  ];
  return `${parts.join("\n\n")}\n`;
}

/** Rules by area, a line each. */
export function ruleList(rules: readonly ExplainedRule[], style: Style): string {
  const width = Math.max(...rules.map(({ id }) => id.length));
  const standingWidth = Math.max(...rules.map((rule) => standing(rule).length));
  const areas = [...new Set(rules.map(({ id }) => areaOf(id)))];
  return areas
    .map((area) => {
      const lines = rules
        .filter(({ id }) => areaOf(id) === area)
        .map(
          (rule) =>
            `  ${style.cyan(rule.id.padEnd(width))}  ${standing(rule).padEnd(standingWidth)}  ${rule.summary}`,
        );
      return `${style.bold(area)}\n${lines.join("\n")}\n`;
    })
    .join("\n");
}

function standing({ severity, preset, next }: ExplainedRule): string {
  return `${severity}, ${preset}${next ? ", next" : ""}`;
}

/** Markdown as its source, but for what reads better without: fences, heading signs and the targets of links. */
function plainMarkdown(markdown: string, style: Style): string {
  let fence: string | undefined;
  const shown: string[] = [];
  for (const line of markdown.split("\n")) {
    const mark = /^(`{3,})/.exec(line)?.[1];
    if (mark !== undefined && (fence === undefined || mark === fence))
      fence = fence === undefined ? mark : undefined;
    else if (fence !== undefined) shown.push(line === "" ? line : `    ${line}`);
    else shown.push(proseLine(line, style));
  }
  return shown.join("\n");
}

function proseLine(line: string, style: Style): string {
  const heading = /^#+ (.*)$/.exec(line)?.[1];
  if (heading !== undefined) return style.bold(heading);
  return line.replace(/\[([^\]]+)\]\([^)]*\)/g, "$1").replace(/`[^`]+`/g, (code) => style.cyan(code));
}
