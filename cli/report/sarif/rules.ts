import { catalog, type RuleInfo } from "../../../compiler/catalog.ts";
import { presetOf } from "../../../compiler/policy.ts";
import type { Severity } from "../../../schema/diagnostic.ts";
import { readRulePage } from "../rule-page.ts";

export const levels: { readonly [S in Severity]: string } = {
  error: "error",
  warning: "warning",
  info: "note",
};

/** The rules that a run speaks of, each once. */
export interface DescribedRules {
  readonly descriptors: readonly object[];
  indexOf(rule: string): number;
}

/** Describes these rules in the order of their ids. */
export function describeRules(found: readonly string[]): DescribedRules {
  const ids = [...new Set(found)].sort();
  const indexes = new Map(ids.map((id, index) => [id, index]));
  const rules = new Map(Object.entries(catalog));
  return {
    descriptors: ids.map((id) => describe(id, rules.get(id))),
    indexOf: (rule) => indexes.get(rule) ?? -1,
  };
}

function describe(id: string, info: RuleInfo | undefined): object {
  const severity = info?.severity ?? "error";
  const summary = info?.summary ?? id;
  const page = readRulePage(id);
  const prose = page?.prose || summary;
  return {
    id,
    name: pascalCase(id),
    shortDescription: { text: summary },
    // GitHub refuses more than 1,024 characters.
    fullDescription: { text: cut(firstParagraph(prose), 1_000) },
    help: {
      text: plainText(prose),
      markdown: [`**${id}**: ${summary}`, prose, page?.example].filter(Boolean).join("\n\n"),
    },
    defaultConfiguration: { level: levels[severity] },
    properties: {
      tags: [id.slice(0, id.indexOf("/"))],
      preset: presetOf(info, severity),
      "problem.severity": severity === "info" ? "recommendation" : severity,
    },
  };
}

function pascalCase(id: string): string {
  return id.replace(/(?:^|[/-])(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function firstParagraph(prose: string): string {
  return plainText(prose.split(/\n\s*\n/)[0] ?? prose).replaceAll("\n", " ");
}

/** Prose of ours without its links and backticks. */
function plainText(markdown: string): string {
  return markdown.replace(/\[([^\]]+)\]\([^)]*\)/g, "$1").replaceAll("`", "");
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}
