/**
 * Text from descriptors, servers and files on its way to a terminal. C0, DEL and C1 controls could move the
 * cursor or rewrite earlier lines, bidirectional marks could reorder what is read (UTS #55): both show as escapes.
 */
const hidden = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** The text with control and bidi characters as `\u{…}`; line feeds and tabs stay. */
export function escapeForTerminal(text: string): string {
  return text.replace(hidden, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/** The same for one line: line feeds and tabs show as escapes too. */
export function escapeLine(text: string): string {
  return escapeForTerminal(text).replaceAll("\n", "\\n").replaceAll("\t", "\\t");
}

/** JSON text that is safe on a terminal and means the same: what `JSON.stringify` leaves raw becomes `\uXXXX`. */
export function jsonText(value: unknown, indent?: number): string {
  const text = JSON.stringify(value, undefined, indent) ?? "null";
  return text.replace(
    /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
