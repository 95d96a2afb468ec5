import type { Diagnostic, Position, Range, Severity } from "../schema/diagnostic.ts";
import { escapeText } from "./escape.ts";

export interface RenderOptions {
  readonly color: boolean;
}

type Style = "error" | "warning" | "info" | "bold" | "dim" | "blue";

const codes: { readonly [S in Style]: string } = {
  error: "1;31",
  warning: "1;33",
  info: "1;36",
  bold: "1",
  dim: "2",
  blue: "1;34",
};

/**
 * Renders the findings of one text as a person reads them: what, where, the line with the place underlined, the
 * other places that explain it, and what to do. Text of the descriptor is escaped: control and bidi characters show
 * as escapes.
 */
export function createRenderer(source: string, options: RenderOptions): (diagnostic: Diagnostic) => string {
  const lines = source === "" ? [] : source.split(/\r\n|\n|\r/);
  return (diagnostic) => render(diagnostic, lines, options);
}

function render(diagnostic: Diagnostic, source: readonly string[], { color }: RenderOptions): string {
  const paint = (style: Style, text: string): string =>
    color ? `\u001b[${codes[style]}m${text}\u001b[0m` : text;
  const { severity, rule, message, file, range, help, suggestion, related = [] } = diagnostic;
  const width = String(Math.max(range.end.line, ...related.map((other) => other.range.end.line))).length;
  const gutter = " ".repeat(width);
  const lines = [
    `${paint(severity, severity)}${paint("bold", `: ${escapeText(message)}`)} ${paint("dim", `[${rule}]`)}`,
    `${gutter}${paint("blue", "-->")} ${escapeText(file)}:${range.start.line}:${range.start.column}`,
  ];
  if (source.length > 0) lines.push(...frame(source, range, severity, "", width, paint));
  for (const other of related) {
    if (other.file !== file)
      lines.push(
        `${gutter} ${paint("blue", "::")} ${escapeText(other.file)}:${other.range.start.line}:${other.range.start.column} ${escapeText(other.message)}`,
      );
    else
      lines.push(
        `${gutter}${paint("blue", ":::")} line ${other.range.start.line}`,
        ...frame(source, other.range, "info", other.message, width, paint),
      );
  }
  if (help !== undefined)
    lines.push(
      ...indented(help, `${gutter} ${paint("blue", "=")} ${paint("bold", "help")}: `, `${gutter}   `),
    );
  if (suggestion && !(help ?? "").includes(suggestion.text))
    lines.push(`${gutter} ${paint("blue", "=")} ${paint("bold", "write")}: ${escapeText(suggestion.text)}`);
  return `${lines.join("\n")}\n`;
}

function indented(text: string, first: string, rest: string): string[] {
  return text.split("\n").map((line, index) => (index === 0 ? first : rest) + escapeText(line));
}

const widest = 120;

/** The lines of a range, at most the first two, with carets under what is meant. */
function frame(
  source: readonly string[],
  range: Range,
  severity: Severity,
  label: string,
  width: number,
  paint: (style: Style, text: string) => string,
): string[] {
  const bar = paint("blue", "|");
  const first = source[range.start.line - 1];
  if (first === undefined) return [];
  const number = paint("blue", String(range.start.line).padStart(width));
  const { text, column, length } = clip(
    first,
    range.start,
    range.end.line === range.start.line ? range.end.column : first.length + 1,
  );
  const carets = paint(severity, (severity === "info" ? "-" : "^").repeat(Math.max(1, length)));
  return [
    `${" ".repeat(width)} ${bar}`,
    `${number} ${bar} ${text}`,
    `${" ".repeat(width)} ${bar} ${" ".repeat(column)}${carets}${label ? ` ${paint(severity, escapeText(label))}` : ""}`,
  ];
}

/** A window of a long line around the range; columns count what is shown, escapes included. */
function clip(
  line: string,
  start: Position,
  endColumn: number,
): { text: string; column: number; length: number } {
  const from = start.column - 1;
  const to = Math.max(from, Math.min(endColumn - 1, line.length));
  const left = line.length > widest && from > widest / 2 ? from - Math.floor(widest / 4) : 0;
  const right = Math.min(line.length, left + widest);
  const before = (left > 0 ? "…" : "") + escapeText(line.slice(left, from));
  const inside = escapeText(line.slice(from, Math.min(to, right)));
  const after = escapeText(line.slice(Math.min(to, right), right)) + (right < line.length ? "…" : "");
  return { text: before + inside + after, column: before.length, length: inside.length };
}
