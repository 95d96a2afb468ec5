/**
 * Text from descriptors and servers on its way to a terminal: what could move the cursor, rewrite earlier lines or
 * reorder what is read (UTS #55) shows as an escape.
 */
import { escapeText } from "../../compiler/escape.ts";

/** The text with its own line feeds, every other control and bidi character as `\u{…}`. */
export function escapeForTerminal(text: string): string {
  return text.split("\n").map(escapeText).join("\n");
}

/** The same for what must stay on one line. */
export function escapeLine(text: string): string {
  return escapeText(text);
}

/** JSON text that is safe on a terminal and means the same: what `JSON.stringify` leaves raw becomes `\uXXXX`. */
export function jsonText(value: unknown, indent?: number): string {
  const text = JSON.stringify(value, undefined, indent) ?? "null";
  return text.replace(
    /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
