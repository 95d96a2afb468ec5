import { unseen } from "../schema/language/unseen.ts";

/**
 * Control, bidi and other invisible characters as `\u{…}`: nothing that a terminal or a reader's eye would obey. The
 * marks by which CI systems know commands within a line of a log (`##[`, `##vso[`, `##teamcity[`) are broken too.
 */
export function escapeText(text: string): string {
  if (/^[ -"$-~]*$/.test(text)) return text;
  return text
    .toWellFormed()
    .replaceAll("\t", " ")
    .replace(controlOrUnseen, (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`)
    .replace(commandMark, "#\\u{23}");
}

/**
 * A line as `escapeText` gives it that also begins no workflow command: GitHub obeys `::` at the start of a line,
 * whatever program wrote it.
 */
export function escapeWholeLine(text: string): string {
  return escapeText(text).replace(/^(\s*):(?=:)/, "$1\\u{3a}");
}

const controlOrUnseen = new RegExp(`[\\u{0}-\\u{1f}]|${unseen.source}`, "gu");

/** Two signs of which the second is to be broken. */
export const commandMark: RegExp = /##(?=\[|vso\[|teamcity\[)/g;
