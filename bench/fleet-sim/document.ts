/** Tables and plots of `docs/scale.md`: the text around them is written by hand. */
import { readFileSync, writeFileSync } from "node:fs";
import { type Plot, svgOf } from "./svg.ts";

const folder = new URL("../../docs/", import.meta.url);

export function tableOf(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, index) => (index === 0 ? "---" : "---:"))), ...rows.map(line)].join(
    "\n",
  );
}

/** Puts a text between `<!-- name -->` and `<!-- /name -->`. */
export function writePart(name: string, text: string): void {
  const file = new URL("scale.md", folder);
  const page = readFileSync(file, "utf8");
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [page.indexOf(open), page.indexOf(close)];
  if (from < 0 || to < from) throw new Error(`docs/scale.md has no place for ${name}`);
  writeFileSync(file, `${page.slice(0, from + open.length)}\n${text}\n${page.slice(to)}`);
}

export function writePlot(name: string, plot: Plot): void {
  writeFileSync(new URL(`scale/${name}.svg`, folder), svgOf(plot));
}
