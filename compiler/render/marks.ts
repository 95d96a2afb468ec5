/** What stands under a source line: carets under what is meant, dashes under what explains it, and their labels. */
import type { Paint, Style } from "./paint.ts";

/** A marked stretch of a line, in cells; `to` is exclusive and past `from`. */
export interface Mark {
  readonly from: number;
  readonly to: number;
  readonly sign: "^" | "-";
  readonly style: Style;
  /** Escaped; empty where the mark says nothing. */
  readonly label: string;
}

/**
 * The rows under a line. The label of the mark that ends last follows the signs; the others hang below their marks,
 * joined to them by bars:
 *
 *     ^^^^^^   --- declared here
 *     |
 *     used here
 */
export function drawMarks(marks: readonly Mark[], paint: Paint): string[] {
  const last = marks.reduce((best, mark) => (mark.to >= best.to ? mark : best));
  const hanging = marks.filter((mark) => mark !== last && mark.label !== "").sort((a, b) => b.from - a.from);
  const signs = drawSigns(marks, paint) + (last.label === "" ? "" : ` ${paint(last.style, last.label)}`);
  return [
    signs,
    ...(hanging.length > 0 ? [drawBars(hanging, Number.POSITIVE_INFINITY, paint).text] : []),
    ...hanging.map((mark, index) => {
      const bars = drawBars(hanging.slice(index + 1), mark.from, paint);
      return bars.text + " ".repeat(mark.from - bars.cells) + paint(mark.style, mark.label);
    }),
  ];
}

/** Shorter marks lie upon longer ones, carets upon dashes of the same length. */
function drawSigns(marks: readonly Mark[], paint: Paint): string {
  const order = [...marks].sort(
    (a, b) => b.to - b.from - (a.to - a.from) || Number(a.sign === "^") - Number(b.sign === "^"),
  );
  const cells: (Mark | undefined)[] = [];
  for (const mark of order) for (let cell = mark.from; cell < mark.to; cell += 1) cells[cell] = mark;
  let text = "";
  for (let cell = 0; cell < cells.length; ) {
    const mark = cells[cell];
    const start = cell;
    while (cell < cells.length && cells[cell] === mark) cell += 1;
    text += mark ? paint(mark.style, mark.sign.repeat(cell - start)) : " ".repeat(cell - start);
  }
  return text;
}

/** A bar under the beginning of each mark that lies before `limit`. */
function drawBars(marks: readonly Mark[], limit: number, paint: Paint): { text: string; cells: number } {
  let text = "";
  let cells = 0;
  for (const mark of [...marks].reverse()) {
    if (mark.from >= limit || mark.from < cells) continue;
    text += " ".repeat(mark.from - cells) + paint(mark.style, "|");
    cells = mark.from + 1;
  }
  return { text, cells };
}
