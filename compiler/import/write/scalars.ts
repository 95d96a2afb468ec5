/** Texts and numbers as YAML that our own plain reader takes: no text of a source can add a key, a tag or an anchor. */
import { unseen } from "../../../schema/language/unseen.ts";
import { plainValue } from "../../read/plain/scalars.ts";

/** A text of one line: plain where nothing could take it for anything else, else in double quotes. */
export function inlineText(text: string, inFlow: boolean): string {
  return isPlain(text, inFlow) ? text : quoted(text);
}

/** Begins with a letter or a slash, and holds nothing that YAML 1.1 or 1.2 gives a meaning. */
function isPlain(text: string, inFlow: boolean): boolean {
  if (text === "<<" || text.length > maxInline || !/^[\p{L}/_$(<]/u.test(text)) return false;
  if (/[\p{C}\t{}]|:(?:\s|$)|\s#|\s$/u.test(text) || hasUnseen(text)) return false;
  if (inFlow && /[,[\]:?]/.test(text)) return false;
  return typeof plainValue(text) === "string" && !/^(?:y|n|yes|no|on|off|true|false|null)$/i.test(text);
}

/** JSON's quotes, with every character that does not show as an escape (YAML 1.2, section 5.7). */
export function quoted(text: string): string {
  return JSON.stringify(text).replace(unseen, (char) => {
    const point = char.codePointAt(0) ?? 0;
    return point > 0xffff
      ? `\\U${point.toString(16).padStart(8, "0")}`
      : `\\u${point.toString(16).padStart(4, "0")}`;
  });
}

function hasUnseen(text: string): boolean {
  return text.search(unseen) >= 0;
}

/** Longer texts are folded. */
const maxInline = 100;

export function isLong(text: string): boolean {
  return text.length > maxInline || text.includes("\n");
}

/** Columns that folded lines reach at most, where their words allow. */
export const lineWidth = 110;

/**
 * A long text as a block scalar, its head and its lines without indentation; undefined where only quotes keep it exact:
 * what does not show, carriage returns, tabs or blanks where they would count as indentation.
 */
export function blockText(
  text: string,
  indent: number,
): { head: string; lines: readonly string[] } | undefined {
  const body = text.endsWith("\n") ? text.slice(0, -1) : text;
  if (/\r|^\s|\s$|^[ \t]+$|^\t/m.test(body) && !isIndentedOnly(body)) return undefined;
  if (body === "" || hasUnseen(body) || /[\u0000-\u0008\u000b-\u001f]/.test(body)) return undefined;
  const end = text.endsWith("\n") ? "" : "-";
  const paragraphs = body.split("\n");
  // A line that begins with a tab is not folded (YAML 1.2, section 8.1.3).
  const foldable = !/^\s|\t/m.test(body) && !body.includes("  ");
  if (foldable && paragraphs.some((line) => line.length > lineWidth))
    return { head: `>${end}`, lines: paragraphs.flatMap((line, at) => foldedLine(line, indent, at)) };
  return { head: `|${end}`, lines: paragraphs };
}

/** Only deeper lines behind a first one that is not: a code block in a text. */
function isIndentedOnly(body: string): boolean {
  return !/\r|^\t|[ \t]$/m.test(body) && !/^\s/.test(body) && !/\s$/.test(body) && !/^[ \t]+$/m.test(body);
}

/** In a folded text a line break is an empty line. */
function foldedLine(line: string, indent: number, at: number): readonly string[] {
  return [...(at > 0 ? [""] : []), ...(line === "" ? [] : wrap(line, lineWidth - indent))];
}

/** Breaks at single blanks, so that lines are at most `width` long where words are shorter. */
export function wrap(text: string, width: number): readonly string[] {
  const least = Math.max(width, 40);
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > least) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return line === "" ? lines : [...lines, line];
}
