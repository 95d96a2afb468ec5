/** Markdown for editors. Text of a descriptor comes out as text: no link, no HTML, no control character. */
import { escapeText } from "../escape.ts";

/** As code; the fence is longer than any in the text. */
export function code(text: string): string {
  const line = escapeText(text.replace(/\s+/g, " ").trim()) || " ";
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return longest > 0 ? `${fence} ${line} ${fence}` : `${fence}${line}${fence}`;
}

/** As prose, every sign of Markdown and HTML inert. */
export function prose(text: string): string {
  return escapeText(text.replace(/\s+/g, " ").trim()).replace(/[\\`*_{}[\]()#+\-.!|<>&~:@]/g, "\\$&");
}

/** A text that must not fill the screen. */
export function shortened(text: string, most = 300): string {
  return text.length > most ? `${text.slice(0, most).toWellFormed()}…` : text;
}

/** A JSON value as code. */
export function jsonCode(value: unknown): string {
  return code(shortened(typeof value === "string" ? value : (JSON.stringify(value) ?? "null"), 120));
}

/** Spans and blocks of code, escapes, strong text, links, headings: the Markdown of hovers and of rule pages. */
const markup =
  /(`+)(?:[a-z]+\n)?([\s\S]*?[^`])\1(?!`)|\\([\\`*_{}[\]()#+\-.!|<>&~:@])|\*\*|\[([^\]\n]*)\]\([^)\s]*\)|^#+ /gm;

/** The same for editors that show texts as they are. */
export function withoutMarkup(markdown: string): string {
  return markdown.replace(markup, (_, _fence, inCode, escaped, linked) => inCode ?? escaped ?? linked ?? "");
}
