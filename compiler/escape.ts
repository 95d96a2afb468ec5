/** Control, bidi and other invisible characters as `\u{…}`: nothing that a terminal or a reader's eye would obey. */
export function escapeText(text: string): string {
  return text
    .toWellFormed()
    .replaceAll("\t", " ")
    .replace(
      /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g,
      (char) => `\\u{${char.charCodeAt(0).toString(16)}}`,
    );
}
