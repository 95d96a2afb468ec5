/** Lines and indentation of a text around an offset. */
import type { Entry, Node } from "../read/tree.ts";

/**
 * What stands before an offset on its line, where that is blanks and list dashes alone; else undefined. A line may be
 * a whole minified file: it is read back no further than needed.
 */
export function margin(text: string, at: number): string | undefined {
  let start = at;
  while (start > 0 && (text[start - 1] === " " || text[start - 1] === "-")) start--;
  const isLine = start === 0 || text[start - 1] === "\n" || text[start - 1] === "\r";
  const before = text.slice(start, at);
  return isLine && /^ *(?:- +)*$/.test(before) ? before : undefined;
}

/** Where the line ends, before its line break. */
export function lineEnd(text: string, at: number): number {
  for (let end = at; end < text.length; end++) {
    const char = text[end];
    if (char === "\n" || char === "\r") return end;
  }
  return text.length;
}

/** Where the next line begins. */
export function nextLine(text: string, at: number): number {
  const end = lineEnd(text, at);
  return text[end] === "\r" && text[end + 1] === "\n" ? end + 2 : Math.min(end + 1, text.length);
}

/** The line break in use behind an offset; LF where there is none. */
export function lineBreak(text: string, at: number): string {
  const end = lineEnd(text, at);
  return text.slice(end, nextLine(text, end)) || "\n";
}

/** A map or list in braces or brackets, as all of JSON is. */
export function isFlow(text: string, node: Node): boolean {
  const opens = text[node.span.start];
  return node.kind === "map" ? opens === "{" : opens === "[";
}

/** Where an entry's text ends: behind its value, or behind its key where it has none. */
export function endOfEntry({ keySpan, value }: Entry): number {
  return Math.max(keySpan.end, value.span.end);
}

/** An alias stands for text that is written elsewhere. */
export function isAlias({ keySpan, value }: Entry): boolean {
  return value.span.start < keySpan.start;
}

/** The lines of a text set deeper (or less deep) by some columns; undefined where a line has too few of them. */
export function shiftLines(lines: string, by: number): string | undefined {
  if (by === 0) return lines;
  if (/^ *\t/m.test(lines)) return undefined;
  if (by > 0) return lines.replace(/^(?=[^\r\n])/gm, " ".repeat(by));
  const least = new RegExp(`^ {${-by}}`);
  const parts = lines.split(/(?<=\n|\r(?!\n))/);
  const shifted = parts.map((line) =>
    line.trim() === "" ? line : least.test(line) ? line.slice(-by) : undefined,
  );
  return shifted.every((line) => line !== undefined) ? shifted.join("") : undefined;
}
