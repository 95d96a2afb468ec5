/** Entries between braces or brackets: in YAML's flow style, and in JSON. */
import type { TextEdit } from "../diagnostics.ts";
import type { Entry, ListNode, MapNode } from "../read/tree.ts";
import type { Target } from "./block.ts";
import type { Lifted } from "./layout.ts";
import { endOfEntry, isAlias, lineBreak, margin, shiftLines } from "./lines.ts";

export function liftFlow(entry: Entry, from: MapNode, text: string): Lifted | undefined {
  const index = from.entries.indexOf(entry);
  const before = from.entries[index - 1];
  const next = from.entries[index + 1];
  if (isAlias(entry)) return undefined;
  const start = entry.keySpan.start;
  const end = endOfEntry(entry);
  const lifted = { text: text.slice(start, end), indent: margin(text, start)?.length ?? 0 };
  if (before && !isAlias(before) && isComma(text.slice(endOfEntry(before), start)))
    return { ...lifted, remove: { start: endOfEntry(before), end } };
  if (index === 0 && next && isComma(text.slice(end, next.keySpan.start)))
    return { ...lifted, remove: { start, end: next.keySpan.start } };
  return undefined;
}

export function liftFlowItem(from: ListNode, index: number, text: string): Lifted | undefined {
  const item = from.items[index];
  const before = from.items[index - 1];
  if (!item || !before || !isComma(text.slice(before.span.end, item.span.start))) return undefined;
  return { remove: { start: before.span.end, end: item.span.end }, text: "", indent: 0 };
}

export function putInFlow(entry: Entry, lifted: Lifted, target: Target, text: string): TextEdit | undefined {
  const { into, after, wasFlow } = target;
  const at = endOfEntry(after);
  const isLast = after === into.entries.at(-1);
  const follows = isLast ? text.slice(at, into.span.end) : text.slice(at, at + 1);
  if (isAlias(after) || !(isLast ? /^\s*\}$/.test(follows) : follows === ",")) return undefined;
  const written = wasFlow ? lifted.text : asFlow(entry, lifted, text);
  if (written === undefined) return undefined;
  const before = margin(text, after.keySpan.start);
  // The braces open on the line of the entry, or above it.
  if (before === undefined || after.keySpan.start - before.length <= into.span.start)
    return { span: { start: at, end: at }, text: `, ${written}` };
  const shifted = shiftLines(" ".repeat(lifted.indent) + written, before.length - lifted.indent);
  const separator = `,${lineBreak(text, after.keySpan.start)}`;
  return { span: { start: at, end: at }, text: separator + (shifted ?? before + written) };
}

/** A block entry between braces: what means the same there, fits on a line, and has no comment to lose. */
function asFlow({ keySpan, value }: Entry, lifted: Lifted, text: string): string | undefined {
  if (lifted.text.trim() !== text.slice(keySpan.start, value.span.end)) return undefined;
  const written = text.slice(value.span.start, value.span.end);
  if (written === "" || /[\r\n#]/.test(written)) return undefined;
  const isPlain = value.kind === "scalar" && value.style === "plain";
  if (isPlain && (/[,[\]{}]|: /.test(written) || value.span.end <= keySpan.end)) return undefined;
  if (value.kind === "scalar" && value.style === "block") return undefined;
  if (value.kind !== "scalar" && !/^[[{]/.test(written)) return undefined;
  return `${text.slice(keySpan.start, keySpan.end)}: ${written}`;
}

function isComma(text: string): boolean {
  return /^\s*,\s*$/.test(text);
}
