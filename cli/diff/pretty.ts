/** A comparison as a person reads it: by gravity, each change with its place in both texts. */
import type { Change, Level, Site } from "../../compiler/diff/change.ts";
import { levels } from "../../compiler/diff/change.ts";
import { escapeText } from "../../compiler/escape.ts";
import { drawFrame } from "../../compiler/render/frame.ts";
import { createPaint, type Paint, type Style } from "../../compiler/render/paint.ts";
import { counted } from "../report/summary.ts";
import type { Compared, Place } from "./pair.ts";

const styles: { readonly [L in Level]: Style } = { major: "error", minor: "warning", patch: "info" };

export interface PrettyOptions {
  readonly color: boolean;
  readonly columns?: number;
}

export function prettyDiff(compared: readonly Compared[], options: PrettyOptions): string {
  return compared.map((one) => prettyOne(one, options)).join("\n");
}

function prettyOne(compared: Compared, options: PrettyOptions): string {
  const paint = createPaint(options.color);
  const { slug, changes, version } = compared;
  const canvas: Canvas = {
    columns: options.columns ?? 120,
    paint,
    old: linesOf(compared.old),
    new: linesOf(compared.new),
  };
  const step = version ? ` ${version.old} → ${version.new}` : "";
  const parts = [
    `${paint("bold", escapeText(slug))}${escapeText(step)}\n`,
    ...changes.map((change) => prettyChange(change, compared, canvas)),
    closing(compared, paint),
  ];
  return parts.join("\n");
}

/** What all changes of a connector are drawn on: the lines of both texts, taken apart once. */
interface Canvas {
  readonly columns: number;
  readonly paint: Paint;
  readonly old: readonly string[];
  readonly new: readonly string[];
}

function linesOf(place: Place | undefined): readonly string[] {
  return place ? place.file.text.split(/\r\n|\n|\r/) : [];
}

function prettyChange(change: Change, compared: Compared, canvas: Canvas): string {
  const { paint } = canvas;
  const style = styles[change.level];
  const flags = [
    ...(change.security ? [paint("error", " security")] : []),
    ...(change.undecided ? [paint("warning", " to be judged by a person")] : []),
  ].join("");
  const lines = [
    `${paint(style, change.level)}${flags}${paint("bold", `: ${escapeText(change.message)}`)} ${paint("dim", `[${change.rule}]`)}`,
    ...site(change.old, compared.old, { sign: "-", style, lines: canvas.old }, canvas),
    ...site(change.new, compared.new, { sign: "^", style, lines: canvas.new }, canvas),
  ];
  return `${lines.join("\n")}\n`;
}

function site(
  { range }: Site,
  place: Place | undefined,
  {
    sign,
    style,
    lines,
  }: { readonly sign: "-" | "^"; readonly style: Style; readonly lines: readonly string[] },
  { paint, columns }: Canvas,
): readonly string[] {
  if (!range || !place) return [];
  const gutter = String(range.start.line).length;
  const arrow = sign === "-" ? "---" : "+++";
  const cells = Math.max(40, columns - gutter - 3);
  return [
    `${" ".repeat(gutter)}${paint("blue", arrow)} ${escapeText(place.file.name)}:${range.start.line}:${range.start.column}`,
    ...drawFrame([{ range, sign, style, label: "" }], { lines, gutter, cells, paint }),
  ];
}

function closing({ changes, version }: Compared, paint: Paint): string {
  const counts = levels
    .map((level) => ({ level, count: changes.filter((change) => change.level === level).length }))
    .filter(({ count }) => count > 0)
    .map(({ level, count }) => paint(styles[level], `${count} ${level}`));
  const lines = [
    changes.length === 0 ? "no changes" : `${counted(changes.length, "change")}: ${counts.join(", ")}`,
  ];
  const tools = [...new Set(changes.flatMap((change) => change.tools))].sort();
  if (tools.length > 0)
    lines.push(`agents that keep tool lists must read these again: ${escapeText(tools.join(", "))}`);
  if (version?.problem)
    lines.push(
      `${paint("error", "version")}: ${escapeText(version.problem.message)} ${paint("dim", `[${version.problem.rule}]`)}`,
    );
  return `${lines.join("\n")}\n`;
}
