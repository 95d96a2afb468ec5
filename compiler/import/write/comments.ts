/** Sentences as YAML comments: inert, whatever a source put into them. */
import { escapeText } from "../../escape.ts";
import { marker } from "../../ignore/directive.ts";
import { lineWidth, wrap } from "./scalars.ts";

/** The lines of one comment, `# ` and all. */
export function commentLines(text: string, indent: number): readonly string[] {
  const margin = " ".repeat(indent);
  return text
    .split(/\r\n|[\r\n\u2028\u2029]/)
    .flatMap((line) => wrap(harmless(escapeText(line)).replace(/\s+/g, " ").trim(), lineWidth - indent - 2))
    .map((line) => `${margin}# ${line}`);
}

/** A comment of a source is no directive, neither ours nor an editor's. */
function harmless(text: string): string {
  return text
    .replaceAll(marker, "connector ignore")
    .replace(/yaml-language-server/gi, "yaml language server");
}
