/**
 * Characters that do not show, or that reorder the text around them: controls but tab and the line feed, soft
 * hyphen, zero-width and bidi marks, the Unicode line ends, the byte order mark, lone surrogates.
 */
const hidden =
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u00AD\u061C\u180E\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

/** The text with every hidden character written as `\uXXXX`: right inside JSON and JavaScript strings, readable elsewhere. */
export function showHidden(text: string): string {
  return text.replace(hidden, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
