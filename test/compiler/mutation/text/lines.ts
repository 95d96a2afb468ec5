/** The lines of a descriptor as an editor knows them: where they stand, and what hangs on them. */

export interface Line {
  /** From 0. */
  readonly index: number;
  readonly text: string;
  /** Blanks before the text, a dash and its blanks counted: the column of the key. */
  readonly column: number;
  readonly indent: number;
  readonly dash: boolean;
  /** Undefined where the line holds no key. */
  readonly key: string | undefined;
  /** What stands behind the colon, or the whole of an item that is no map; a comment is left out. */
  readonly value: string;
  /** The keys above, from the root on, and its own. */
  readonly way: readonly string[];
  /** Index of the first line that does not hang on this one. */
  readonly end: number;
}

const form = /^( *)((?:- +)*)(?:("[^"]*"|'[^']*'|[^\s"'#&*{[][^:#]*?):(?= |$))?(.*)$/;

/** The lines that hold anything; those of block texts and comments are left out. */
export function linesOf(text: string): readonly Line[] {
  const rows = text.split("\n");
  const found: Line[] = [];
  const above: { readonly column: number; readonly key: string }[] = [];
  let block = -1;
  for (const [index, row] of rows.entries()) {
    if (row.trim() === "" || /^\s*#/.test(row)) continue;
    const [, blanks = "", dashes = "", quoted, rest = ""] = form.exec(row) ?? [];
    const indent = blanks.length;
    if (block >= 0 && indent > block) continue;
    block = -1;
    const key = quoted?.replace(/^["']|["']$/g, "");
    const column = indent + dashes.length;
    while ((above.at(-1)?.column ?? -1) >= (key === undefined ? indent + 1 : column)) above.pop();
    const value = rest.replace(/\s+#.*$/, "").trim();
    if (/^[|>][+-]?$/.test(value)) block = indent;
    const way = [...above.map((one) => one.key), ...(key === undefined ? [] : [key])];
    found.push({
      index,
      text: row,
      column,
      indent,
      dash: dashes !== "",
      key,
      value,
      way,
      end: endOf(rows, index, indent, dashes !== ""),
    });
    if (key !== undefined) above.push({ column, key });
  }
  return found;
}

function endOf(rows: readonly string[], from: number, indent: number, dash: boolean): number {
  let end = from + 1;
  for (let at = from + 1; at < rows.length; at++) {
    const row = rows[at] ?? "";
    if (row.trim() === "" || /^\s*#/.test(row)) continue;
    const depth = row.length - row.trimStart().length;
    // A list may stand as deep as its key.
    if (depth < indent || (depth === indent && (dash || !row.trimStart().startsWith("- ")))) break;
    end = at + 1;
  }
  return end;
}
