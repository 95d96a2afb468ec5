/** Source lines with their marks: one frame for places that lie close together. */
import type { Range } from "../../schema/diagnostic.ts";
import { drawMarks, type Mark } from "./marks.ts";
import type { Paint, Style } from "./paint.ts";
import { windowOf } from "./window.ts";

/** A place of a finding: its own, or one that explains it. */
export interface Place {
  readonly range: Range;
  readonly sign: "^" | "-";
  readonly style: Style;
  /** Escaped. */
  readonly label: string;
}

export interface Canvas {
  readonly lines: readonly string[];
  /** Width of the line numbers. */
  readonly gutter: number;
  /** Cells that a source line may take. */
  readonly cells: number;
  readonly paint: Paint;
}

/** Whether a place can stand in one frame with others: at most one line between them, and on one screen's width. */
export function fits(place: Place, others: readonly Place[], { lines, cells }: Canvas): boolean {
  const { line, column } = place.range.start;
  if (!others.some((other) => Math.abs(other.range.start.line - line) <= 2)) return false;
  if ((lines[line - 1]?.length ?? 0) <= cells) return true;
  const beside = others.filter((other) => other.range.start.line === line);
  return beside.every((other) => Math.abs(other.range.start.column - column) < cells / 2);
}

/** The frame of places of one text; a place past its end, as in a text that was not read, draws nothing. */
export function drawFrame(places: readonly Place[], canvas: Canvas): string[] {
  const { lines, gutter, paint } = canvas;
  const numbers = [...new Set(places.map(({ range }) => range.start.line))].sort((a, b) => a - b);
  const first = numbers[0] ?? 1;
  if (lines[first - 1] === undefined) return [];
  const bar = paint("blue", "|");
  const blank = `${" ".repeat(gutter)} ${bar}`;
  const drawn = [blank];
  for (let number = first; number <= (numbers.at(-1) ?? first); number += 1) {
    const line = lines[number - 1];
    if (line === undefined) break;
    const here = places.filter(({ range }) => range.start.line === number);
    const { text, marks } = drawLine(line, here, canvas);
    drawn.push(`${paint("blue", String(number).padStart(gutter))} ${bar} ${text}`.trimEnd());
    for (const row of marks) drawn.push(`${blank} ${row}`);
  }
  return drawn;
}

function drawLine(
  line: string,
  places: readonly Place[],
  { cells, paint }: Canvas,
): { text: string; marks: string[] } {
  const focus = Math.min(...places.map(({ range }) => range.start.column - 1), line.length);
  const { text, cellOf } = windowOf(line, places.length === 0 ? 0 : focus, cells);
  const marks = places.map(({ range, sign, style, label }): Mark => {
    const from = cellOf(range.start.column - 1);
    const end = range.end.line === range.start.line ? range.end.column - 1 : line.length;
    return { from, to: Math.max(from + 1, cellOf(end)), sign, style, label };
  });
  return { text, marks: marks.length === 0 ? [] : drawMarks(marks, paint) };
}
