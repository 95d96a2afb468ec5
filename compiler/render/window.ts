/** The part of a source line that fits: escaped, with the cell at which each of its characters stands. */
import { commandMark, escapeText } from "../escape.ts";
import { cellsOf, displayWidth } from "./width.ts";

export interface Window {
  /** What is shown, with `…` where the line goes on. */
  readonly text: string;
  /** The cell of an offset of the line; offsets outside stand at the borders. */
  cellOf(offset: number): number;
}

/** A window of at most `cells`, which begins somewhat before `focus` where the line is too long. */
export function windowOf(line: string, focus: number, cells: number): Window {
  const left = line.length > cells && focus > cells / 2 ? boundary(line, focus - (cells >> 2)) : 0;
  const part = line.slice(left, left + cells);
  return /^[ -"$-~]*$/.test(part) ? plain(line, part, left) : walk(line, left, cells);
}

function plain(line: string, part: string, left: number): Window {
  const before = left > 0 ? "…" : "";
  const after = left + part.length < line.length ? "…" : "";
  const cellOf = (offset: number): number =>
    before.length + Math.min(Math.max(offset - left, 0), part.length);
  return { text: before + part + after, cellOf };
}

/** Character by character: escapes and wide characters take more than one cell. */
function walk(line: string, left: number, cells: number): Window {
  const starts: number[] = [];
  let text = left > 0 ? "…" : "";
  let width = text.length;
  let last = 0;
  let offset = left;
  const end = Math.min(line.length, left + cells);
  const part = line.slice(left, end);
  const clean = escapeText(part) === part;
  while (offset < end && width < cells) {
    const character = String.fromCodePoint(line.codePointAt(offset) ?? 0);
    const shown = clean ? character : isCommandMark(line, offset) ? "\\u{23}" : escapeText(character);
    for (let unit = 0; unit < character.length; unit += 1) starts.push(width);
    last = shown === character ? cellsOf(character, last) : displayWidth(shown);
    text += shown;
    width += last;
    offset += character.length;
  }
  return {
    text: offset < line.length ? `${text}…` : text,
    cellOf: (at) => (at < left ? (left > 0 ? 1 : 0) : (starts[at - left] ?? width)),
  };
}

/** Whether the second sign of a mark that CI logs obey stands here. */
function isCommandMark(line: string, offset: number): boolean {
  if (line[offset] !== "#" || line[offset - 1] !== "#") return false;
  return line.slice(offset - 1, offset + 12).search(commandMark) === 0;
}

/** Not between the halves of a surrogate pair. */
function boundary(line: string, offset: number): number {
  const code = line.charCodeAt(offset);
  return code >= 0xdc00 && code <= 0xdfff ? offset - 1 : offset;
}
