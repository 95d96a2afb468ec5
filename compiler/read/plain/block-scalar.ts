/** Block scalars (`|`, `>`) of plain YAML: indentation found, not given; the end clipped or stripped, not kept. */
import type { Span } from "../tree.ts";
import { blank, type Lines } from "./lines.ts";

interface Line {
  readonly indent: number;
  /** Without indentation and line end. */
  readonly content: string;
}

/** Moves over the scalar at `lines.at` to the next content. `parent` is the column of what it is the value of. */
export function readBlockScalar(
  lines: Lines,
  parent: number,
): { readonly value: string; readonly span: Span } {
  const start = lines.at;
  const folded = lines.code() === 62;
  lines.at++;
  const stripped = lines.code() === 45;
  if (stripped) lines.at++;
  lines.skipBlanks();
  if (lines.isComment()) lines.skipComment();
  if (!lines.isLineEnd() || parent < 0) lines.fail();
  const { all, end } = takeLines(lines, parent);
  const text = folded
    ? fold(all, all[0]?.indent ?? 0)
    : all.map(({ indent, content }) => literal(indent, content, all)).join("\n");
  return { value: stripped ? text : `${text}\n`, span: { start, end } };
}

function literal(indent: number, content: string, all: readonly Line[]): string {
  const more = indent - (all[0]?.indent ?? 0);
  return more > 0 ? " ".repeat(more) + content : content;
}

/** The lines from the first to the last that has content. */
function takeLines(lines: Lines, parent: number): { readonly all: readonly Line[]; readonly end: number } {
  const all: Line[] = [];
  let filled = 0;
  let end = lines.at;
  const { text } = lines;
  let at = text.indexOf("\n", lines.at);
  for (; at >= 0 && at < text.length; ) {
    const from = at + 1;
    let next = text.indexOf("\n", from);
    const stop = next < 0 ? text.length : next;
    let to = from;
    while (text.charCodeAt(to) === blank) to++;
    const content = text.slice(to, stop);
    // Carriage returns have rules of their own here.
    if (content.startsWith("\t") || content.includes("\r")) lines.fail(to);
    const indent = to - from;
    if (content === "") {
      // Blank lines at the beginning are not plain.
      if (filled === 0 && from < text.length) lines.fail(to);
    } else {
      const least = all[0]?.indent ?? parent + 1;
      if (indent < least) {
        if (indent > parent) lines.fail(to);
        next = -2;
      }
    }
    if (next === -2) break;
    all.push({ indent, content });
    if (content !== "") {
      filled = all.length;
      end = to + content.length;
    }
    at = next;
  }
  if (filled === 0) lines.fail();
  lines.at = at < 0 ? text.length : at + 1;
  lines.toContent();
  while (/\s/.test(text.charAt(end - 1))) end--;
  return { all: all.slice(0, filled), end };
}

/** Line folding (section 8.1.3): lines are joined by a blank, but for those around deeper ones. */
function fold(all: readonly Line[], trim: number): string {
  let value = "";
  let separator = "";
  let deeper = false;
  for (const { indent, content } of all) {
    if (indent > trim) {
      if (separator === " ") separator = "\n";
      else if (!deeper && separator === "\n") separator = "\n\n";
      value += separator + " ".repeat(indent - trim) + content;
      separator = "\n";
      deeper = true;
    } else if (content === "") {
      if (separator === "\n") value += "\n";
      else separator = "\n";
    } else {
      value += separator + content;
      separator = " ";
      deeper = false;
    }
  }
  return value;
}
