/** Where brackets of a broken JSON text lost their partners, by the columns in which their lines begin. */
import type { Span } from "./tree.ts";

/**
 * The first bracket that a bracket in another column closes, where each of the two has a line's beginning; what is between them
 * lacks a bracket, or has one too many. Undefined where columns tell nothing. Linear in the text.
 */
export function crossedBrackets(text: string): { readonly open: Span; readonly close: Span } | undefined {
  const opened: { readonly at: number; readonly column: number; readonly row: number }[] = [];
  let row = 0;
  let lineStart = 0;
  let column = -1;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === "\n") {
      row++;
      lineStart = at + 1;
      column = -1;
      continue;
    }
    const isFirst = column < 0 && char !== " " && char !== "\t" && char !== "\r";
    if (isFirst) column = at - lineStart;
    if (char === '"') at = endOfString(text, at);
    else if (char === "{" || char === "[") opened.push({ at, column, row });
    else if (char === "}" || char === "]") {
      const open = opened.pop();
      if (isFirst && open && open.row !== row && open.column !== column)
        return { open: { start: open.at, end: open.at + 1 }, close: { start: at, end: at + 1 } };
    }
  }
  return undefined;
}

/** The closing quote, or the last character of the line where there is none. */
function endOfString(text: string, from: number): number {
  let at = from + 1;
  for (; at < text.length && text[at] !== '"' && text[at] !== "\n"; at++) if (text[at] === "\\") at++;
  return text[at] === '"' ? at : at - 1;
}
