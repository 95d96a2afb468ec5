/** A comparison as Markdown: the change log of a pull request, with every text of a descriptor in code. */
import { type Change, type Level, levels } from "../../compiler/diff/change.ts";
import { codeSpan } from "../report/markdown-code.ts";
import type { Compared } from "./pair.ts";

const titles: { readonly [L in Level]: string } = {
  major: "Breaking changes",
  minor: "New and changed",
  patch: "Small changes",
};

export function markdownDiff(compared: readonly Compared[]): string {
  return compared.map(section).join("\n");
}

function section({ slug, changes, version }: Compared): string {
  const step = version ? ` ${codeSpan(version.old)} → ${codeSpan(version.new)}` : "";
  const parts = [`## ${codeSpan(slug)}${step}\n`];
  if (version?.problem) parts.push(`**${version.problem.rule}**: ${codeSpan(version.problem.message)}\n`);
  if (changes.length === 0) parts.push("No changes.\n");
  for (const level of levels) {
    const these = changes.filter((change) => change.level === level);
    if (these.length > 0) parts.push(`### ${titles[level]}\n`, `${these.map(item).join("\n")}\n`);
  }
  return parts.join("\n");
}

function item({ rule, message, security, undecided, tools, new: place }: Change): string {
  const flags = `${security ? "**security** " : ""}${undecided ? "**to be judged by a person** " : ""}`;
  const line = place.range ? `, line ${place.range.start.line}` : "";
  const shown = tools.length > 0 ? `; tools ${tools.map(codeSpan).join(", ")}` : "";
  return `- ${flags}${sentence(message)} (${codeSpan(rule)}${line}${shown})`;
}

/**
 * A message with its names as code. Where a name of the descriptor holds backticks of its own, what comes between is
 * taken for words: words that could be anything but words become code, too.
 */
function sentence(message: string): string {
  return message
    .split("`")
    .map((part, index) => (index % 2 === 1 || !isPlain(part) ? codeSpan(part) : part))
    .join("");
}

/** Nothing that a dialect of Markdown makes a link, a mention, an issue or markup of. */
function isPlain(text: string): boolean {
  return /^[A-Za-z0-9 ,.;:()'-]*$/.test(text) && !/www\.|GH-/i.test(text);
}
