import type { Diagnostic, Fix, Related } from "../schema/diagnostic.ts";
import { escapeText, escapeWholeLine } from "./escape.ts";
import { type Canvas, drawFrame, fits, type Place } from "./render/frame.ts";
import { createPaint, type Paint } from "./render/paint.ts";

export interface RenderOptions {
  readonly color: boolean;
  /** Cells of a line of the terminal; longer source lines are cut around the place. 120 when left out. */
  readonly columns?: number;
}

/**
 * Renders the findings of one text as a person reads them: what, where, the line with the place underlined, the
 * other places that explain it, and what to do. Text of the descriptor is escaped: control and bidi characters show
 * as escapes.
 */
export function createRenderer(source: string, options: RenderOptions): (diagnostic: Diagnostic) => string {
  const lines = source === "" ? [] : source.split(/\r\n|\n|\r/);
  const paint = createPaint(options.color);
  return (diagnostic) => render(diagnostic, lines, paint, options.columns ?? 120);
}

function render(diagnostic: Diagnostic, lines: readonly string[], paint: Paint, columns: number): string {
  const { severity, rule, message, file, range, related = [] } = diagnostic;
  const here = related.filter((other) => other.file === file);
  const gutter = String(Math.max(range.start.line, ...here.map((other) => other.range.start.line))).length;
  const canvas: Canvas = { lines, gutter, cells: Math.max(40, columns - gutter - 3), paint };
  const space = " ".repeat(gutter);
  const rendered = [
    `${paint(severity, severity)}${paint("bold", `: ${escapeText(message)}`)} ${paint("dim", `[${rule}]`)}`,
    `${space}${paint("blue", "-->")} ${escapeText(file)}:${range.start.line}:${range.start.column}`,
    ...frames(diagnostic, here, canvas),
    ...related
      .filter((other) => other.file !== file)
      .map(
        (other) =>
          `${space} ${paint("blue", "::")} ${escapeText(other.file)}:${other.range.start.line}:${other.range.start.column} ${escapeText(other.message)}`,
      ),
    ...notes(diagnostic).map(([name, text]) => note(name, text, space, paint)),
  ];
  return `${rendered.join("\n")}\n`;
}

/** One frame for the finding's place and what lies close to it, then others in the order in which they explain it. */
function frames(diagnostic: Diagnostic, related: readonly Related[], canvas: Canvas): string[] {
  if (canvas.lines.length === 0) return [];
  const own: Place = {
    range: diagnostic.range,
    sign: "^",
    style: diagnostic.severity,
    label: escapeText(diagnostic.label ?? ""),
  };
  const others = related.map(
    ({ range, message }): Place => ({ range, sign: "-", style: "info", label: escapeText(message) }),
  );
  const first = [own];
  const rest: Place[][] = [];
  for (const place of others) {
    const last = rest.at(-1);
    if (fits(place, first, canvas)) first.push(place);
    else if (last && fits(place, last, canvas)) last.push(place);
    else rest.push([place]);
  }
  const { gutter, paint } = canvas;
  return [
    ...drawFrame(first, canvas),
    ...rest.flatMap((places) => [
      `${" ".repeat(gutter)}${paint("blue", ":::")} line ${places[0]?.range.start.line}`,
      ...drawFrame(places, canvas),
    ]),
  ];
}

/** What to do: the help, and the mend where the help does not say it already. */
function notes(diagnostic: Diagnostic): (readonly [string, string])[] {
  const { help, fix, suggestion } = diagnostic;
  return [
    ...(help === undefined ? [] : [["help", help] as const]),
    ...(fix && !tells(help, fix) ? [["fix", fix.title] as const] : []),
    ...(suggestion && !fix && !help?.includes(suggestion.text) ? [["write", suggestion.text] as const] : []),
  ];
}

/** Whether the help has the words of the mend's title, or all the texts that the mend writes. */
function tells(help: string | undefined, { title, edits }: Fix): boolean {
  if (help === undefined) return false;
  const bare = (text: string): string => text.toLowerCase().replace(/[`"']|\.$/g, "");
  if (bare(help).includes(bare(title))) return true;
  const written = edits.map(({ text }) => text.trim());
  return written.every((text) => text !== "" && help.includes(text));
}

function note(name: string, text: string, space: string, paint: Paint): string {
  const [first = "", ...rest] = text.split("\n");
  return [
    `${space} ${paint("blue", "=")} ${paint("bold", name)}: ${escapeText(first)}`,
    ...rest.map((line) => `${space}   ${escapeWholeLine(line)}`),
  ].join("\n");
}
