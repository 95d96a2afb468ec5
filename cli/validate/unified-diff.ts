/** What `--fix --dry-run` prints: a patch that `git apply` and `patch -p1` take, which no terminal obeys. */
import { structuredPatch } from "diff";
import { escapeText } from "../../compiler/escape.ts";
import { createStyle } from "../report/style.ts";

/** The patch of one file; `name` counts from the current folder. */
export function unifiedDiff(name: string, before: string, after: string, color: boolean): string {
  const { hunks } = structuredPatch("", "", before, after, undefined, undefined, { context: 3 });
  const style = createStyle(color);
  const lines = [style.bold(`--- ${fileName(`a/${name}`)}`), style.bold(`+++ ${fileName(`b/${name}`)}`)];
  for (const { oldStart, oldLines, newStart, newLines, lines: changed } of hunks) {
    lines.push(style.cyan(`@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`));
    for (const line of changed) {
      const text = inert(line);
      lines.push(line.startsWith("+") ? style.green(text) : line.startsWith("-") ? style.red(text) : text);
    }
  }
  return `${lines.join("\n")}\n`;
}

/**
 * A line as it stands, but for what a terminal would obey: control and bidi characters show as escapes. Tabs, the
 * carriage return of CR LF, and the joiners of emoji and scripts stay, so that patches of ordinary text apply.
 */
function inert(line: string): string {
  const end = line.endsWith("\r") ? "\r" : "";
  const text = end === "" ? line : line.slice(0, -1);
  return (
    text
      .split(/([\t\u200c\u200d])/)
      .map((part, index) => (index % 2 === 1 ? part : escapeText(part)))
      .join("") + end
  );
}

/** As git writes names: in quotes where they hold what ends or disturbs a line, else with a tab behind a blank. */
function fileName(name: string): string {
  if (!/[\u0000-\u001f"\\\u007f-\uffff]/.test(name)) return name.includes(" ") ? `${name}\t` : name;
  const bytes = [...Buffer.from(name)].map((byte) => {
    const char = String.fromCharCode(byte);
    if (char === '"' || char === "\\") return `\\${char}`;
    return byte < 0x20 || byte >= 0x7f ? `\\${byte.toString(8).padStart(3, "0")}` : char;
  });
  return `"${bytes.join("")}"`;
}
