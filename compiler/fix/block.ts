/** Entries of block style: whole lines, with the comments that stand right above and behind them. */
import type { TextEdit } from "../diagnostics.ts";
import type { Entry, MapNode, Node, Span } from "../read/tree.ts";
import type { Lifted } from "./layout.ts";
import { endOfEntry, isAlias, lineBreak, lineEnd, margin, nextLine, shiftLines } from "./lines.ts";

/** Where a lifted entry goes: behind `after`, an entry of `into`. */
export interface Target {
  readonly into: MapNode;
  readonly after: Entry;
  /** The entry stood in braces. */
  readonly wasFlow: boolean;
}

export function liftBlock(entry: Entry, from: MapNode, text: string): Lifted | undefined {
  const { start } = entry.keySpan;
  const end = closingLine(entry, text);
  if (end === undefined || from.entries.length < 2) return undefined;
  const before = margin(text, start);
  if (before === undefined) return undefined;
  const indent = before.length;
  if (before.trim() === "") {
    const span = { start: withComments(text, start - indent, indent), end };
    return { remove: withoutLastBreak(text, span), text: text.slice(span.start, span.end), indent };
  }
  // The first entry of a list item: the next one takes its place behind the dash.
  const next = from.entries[1];
  if (from.entries[0] !== entry || !next) return undefined;
  if (!/^ *$/.test(text.slice(end, next.keySpan.start))) return undefined;
  return {
    remove: { start, end: next.keySpan.start },
    text: " ".repeat(indent) + text.slice(start, end),
    indent,
  };
}

/** A later item of a block list. */
export function liftItem(item: Node, previous: Node, text: string): Lifted | undefined {
  const { start } = item.span;
  const before = margin(text, start);
  const dash = /^( *)- +$/.exec(before ?? "");
  if (
    !dash ||
    before === undefined ||
    start < previous.span.end ||
    hasKeptBreaks(text.slice(start, item.span.end))
  )
    return undefined;
  const end = endOfLines(text, item.span.end);
  if (end === undefined) return undefined;
  const indent = dash[1]?.length ?? 0;
  const span = { start: withComments(text, start - before.length, indent), end };
  return { remove: withoutLastBreak(text, span), text: text.slice(span.start, span.end), indent };
}

export function putInBlock(entry: Entry, lifted: Lifted, target: Target, text: string): TextEdit | undefined {
  const first = target.into.entries[0];
  const at = closingLine(target.after, text);
  const indent = first && margin(text, first.keySpan.start)?.length;
  if (indent === undefined || at === undefined) return undefined;
  const newline = lineBreak(text, lifted.remove.start);
  const lines = target.wasFlow
    ? blockLine(entry, indent, text)
    : shiftLines(lifted.text, indent - lifted.indent);
  if (lines === undefined) return undefined;
  const bare = lines.replace(/[\r\n]+$/, "");
  // The last line of a text may have no line break: it gets one, and the new last line has none.
  const isOpen = at === text.length && !/[\r\n]$/.test(text);
  return { span: { start: at, end: at }, text: isOpen ? newline + bare : bare + newline };
}

function blockLine({ keySpan, value }: Entry, indent: number, text: string): string | undefined {
  const line = `${" ".repeat(indent)}${text.slice(keySpan.start, keySpan.end)}: ${text.slice(value.span.start, value.span.end)}`;
  return /[\r\n]/.test(line) || value.span.end <= keySpan.end ? undefined : line;
}

export function indentLines(first: Entry, last: Entry, text: string): readonly TextEdit[] | undefined {
  const before = margin(text, first.keySpan.start);
  if (before?.trim() !== "" || isAlias(last)) return undefined;
  const start = first.keySpan.start - before.length;
  const end = lineEnd(text, endOfEntry(last));
  const lines = shiftLines(text.slice(start, end), 2);
  return lines === undefined ? undefined : [{ span: { start, end }, text: lines }];
}

/** Where the line after an entry begins; undefined where more than a comment stands behind it. */
function closingLine(entry: Entry, text: string): number | undefined {
  if (isAlias(entry) || hasKeptBreaks(text.slice(entry.keySpan.end, endOfEntry(entry)))) return undefined;
  const isAbsent = entry.value.span.end <= entry.keySpan.end;
  return endOfLines(text, endOfEntry(entry) + (isAbsent ? 1 : 0));
}

function endOfLines(text: string, end: number): number | undefined {
  return /^(?:[ \t]+#.*|[ \t]*)$/.test(text.slice(end, lineEnd(text, end))) ? nextLine(text, end) : undefined;
}

/** A block scalar with `+` ends where the next key begins: its lines are not its own alone. */
function hasKeptBreaks(text: string): boolean {
  return /^:?\s*[|>]\d?\+/.test(text);
}

/** The first line of the comments that stand right above a line, at its own indentation; a file's head stays. */
function withComments(text: string, line: number, indent: number): number {
  let start = line;
  while (start > 0) {
    const above = lineAbove(text, start);
    const words = text.slice(above, lineEnd(text, above));
    if (words.search(/[^ ]/) !== indent || words[indent] !== "#") break;
    start = above;
  }
  return start === 0 ? line : start;
}

/** Where the line above the one that begins at `start` begins. */
function lineAbove(text: string, start: number): number {
  let above = start - (text.slice(start - 2, start) === "\r\n" ? 2 : 1);
  while (above > 0 && text[above - 1] !== "\n" && text[above - 1] !== "\r") above--;
  return above;
}

/** The last lines of a text without a final line break take the break before them along. */
function withoutLastBreak(text: string, span: Span): Span {
  if (span.end < text.length || /[\r\n]$/.test(text)) return span;
  const pair = text.slice(span.start - 2, span.start) === "\r\n";
  return { start: Math.max(0, span.start - (pair ? 2 : 1)), end: span.end };
}
