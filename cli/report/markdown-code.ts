/**
 * Text of a descriptor in Markdown. In code no link, image, mention, issue number, bare address or HTML is alive, in
 * GitHub's and GitLab's dialects too, where backslashes and entities outside of code still leave mentions active.
 */
import { escapeText, escapeWholeLine } from "../../compiler/escape.ts";

/** One line of text as a code span: its fence is longer than any run of backticks within. */
export function codeSpan(text: string): string {
  const shown = escapeText(text);
  const fence = "`".repeat(longestRun(shown) + 1);
  // One space on each side is dropped again, unless there is nothing else.
  const pad = shown === "" || (/[^ ]/.test(shown) && /^[` ]|[` ]$/.test(shown)) ? " " : "";
  return fence + pad + shown + pad + fence;
}

/** Several lines as a code block, each behind the indentation of the list item that holds it. */
export function codeBlock(text: string, indent: string): string {
  const lines = text.split("\n").map(escapeWholeLine);
  const fence = "`".repeat(Math.max(3, ...lines.map((line) => longestRun(line) + 1)));
  return [`${fence}text`, ...lines, fence].map((line) => `${indent}${line}\n`).join("");
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}
