import { showHidden } from "../escape.ts";

/** A block tag of TSDoc; the text comes from the descriptor. */
export interface DocTag {
  readonly tag: "deprecated" | "defaultValue" | "example";
  readonly text: string;
}

/** A documentation comment with its line end, or nothing where there is nothing to say. */
export function docComment(
  indent: string,
  paragraphs: readonly (string | undefined)[],
  tags: readonly DocTag[] = [],
): string {
  const blocks = paragraphs
    .flatMap((text) => (text === undefined ? [] : [docLines(text)]))
    .filter((lines) => lines.length > 0);
  const tagLines = tags.flatMap(({ tag, text }) => oneTag(tag, docLines(text)));
  if (tagLines.length > 0) blocks.push(tagLines);
  const lines = blocks.flatMap((block, index) => (index === 0 ? block : ["", ...block]));
  if (lines.length === 0) return "";
  if (lines.length === 1) return `${indent}/** ${lines[0]} */\n`;
  return [
    `${indent}/**`,
    ...lines.map((line) => `${indent} *${line === "" ? "" : ` ${line}`}`),
    `${indent} */\n`,
  ].join("\n");
}

/** Text for a `//` comment: one line, nothing hidden. */
export function lineComment(text: string): string {
  return `// ${showHidden(text.replace(/[\t\n\r\u2028\u2029]+/g, " "))}\n`;
}

function oneTag(tag: string, lines: readonly string[]): readonly string[] {
  const [first = "", ...rest] = lines;
  if (first.startsWith("```")) return [`@${tag}`, ...lines];
  return [`@${tag}${first === "" ? "" : ` ${first}`}`, ...rest];
}

function docLines(text: string): readonly string[] {
  const lines = text.split(/\r\n|[\n\r\u2028\u2029]/).map((line) => docText(line).trimEnd());
  while (lines[0] === "") lines.shift();
  while (lines.at(-1) === "") lines.pop();
  return lines;
}

/** No line of a descriptor ends the comment or begins a tag (TSDoc: `\@` is an at sign); `user@host` stays as it is. */
function docText(line: string): string {
  return showHidden(line.replace(/\t/g, " "))
    .replace(/\*\//g, "*\\/")
    .replace(/(?<![\w.\\])@/g, "\\@");
}
