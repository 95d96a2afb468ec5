/**
 * Text from descriptors and servers on its way to a terminal: what could move the cursor, rewrite earlier lines or
 * reorder what is read (UTS #55) shows as an escape, and no line begins a command of a CI system.
 */
import { commandMark, escapeWholeLine } from "../../compiler/escape.ts";
import { unseen } from "../../schema/language/unseen.ts";

/** The text with its own line feeds, every other control and bidi character as `\u{…}`. */
export function escapeForTerminal(text: string): string {
  return text.split("\n").map(escapeWholeLine).join("\n");
}

/** The same for what must stay on one line, which it may begin. */
export function escapeLine(text: string): string {
  return escapeWholeLine(text);
}

/** JSON text that is safe on a terminal and means the same: what `JSON.stringify` leaves raw becomes `\uXXXX`. */
export function jsonText(value: unknown, indent?: number): string {
  const text = JSON.stringify(value, undefined, indent) ?? "null";
  // Two scans that find nothing cost little beside replacements in megabytes.
  const seen = /[^\0-~]/.test(text) ? text.replace(unseen, asUnits) : text;
  return seen.includes("##") ? seen.replace(commandMark, "#\\u0023") : seen;
}

function asUnits(characters: string): string {
  return characters
    .split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
}
