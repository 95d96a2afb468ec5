/** Lines of a block that stand in another column than their neighbours, and which of them is at fault. */
import type { Span } from "./tree.ts";

interface Row {
  readonly start: number;
  readonly end: number;
  /** Where the line begins, and where its key does, behind the dashes. */
  readonly indent: number;
  readonly column: number;
}

/**
 * The first line of the block that ends where a parser met a key in another column, where that line alone stands deeper
 * than all that follow it: `  - name: a` above `  slug: a` and `  version: 1`. Undefined where another line is at fault.
 */
export function firstAstray(
  text: string,
  at: number,
): { readonly span: Span; readonly dashed: boolean } | undefined {
  const column = at - startOfLine(text, at);
  let first: Row | undefined;
  let above = startOfLine(text, at);
  for (let seen = 0; above > 0 && seen < most; seen++) {
    const row = rowAt(text, startOfLine(text, above - 1));
    above = row.start;
    if (row.indent < 0) continue;
    if (row.indent < column) break;
    // A key before it in the column of those that follow: it hangs on that one.
    if (row.column === column) return undefined;
    if (first && row.column === first.column) return undefined;
    if (!first || row.column < first.column) first = row;
  }
  if (!first || followers(text, at, column) < 2) return undefined;
  const from = first.start + first.indent;
  return { span: { start: from, end: first.end }, dashed: first.column > first.indent };
}

/** No block of keys is looked at further than this. */
const most = 200;

/** How many keys stand in the column from a line on, two at most. */
function followers(text: string, at: number, column: number): number {
  let count = 0;
  let start = startOfLine(text, at);
  for (let seen = 0; start < text.length && seen < most && count < 2; seen++) {
    const row = rowAt(text, start);
    if (row.indent >= 0 && row.indent < column) break;
    if (row.indent === column && row.column === column) count += 1;
    start = row.end + 1;
  }
  return count;
}

/** The line that begins at an offset; of a blank line or a comment `indent` is negative. */
function rowAt(text: string, start: number): Row {
  const found = text.indexOf("\n", start);
  const end = found < 0 ? text.length : found;
  const [, blanks = "", dashes = "", first = ""] = /^( *)((?:- +)*)(\S?)/.exec(text.slice(start, end)) ?? [];
  const isKey = first !== "" && first !== "#";
  return { start, end, indent: isKey ? blanks.length : -1, column: blanks.length + dashes.length };
}

function startOfLine(text: string, at: number): number {
  return text.lastIndexOf("\n", at - 1) + 1;
}
