/** How many cells of a terminal a text takes, so that carets stand under what they mean. */

/** Cells of a text without control characters: East Asian wide characters and emoji take two, combining marks none. */
export function displayWidth(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  let width = 0;
  let last = 0;
  for (const character of text) {
    last = cellsOf(character, last);
    width += last;
  }
  return width;
}

/** Cells of one character after one of `last` cells, which the selector of emoji presentation widens. */
export function cellsOf(character: string, last: number): number {
  if (character <= "~") return 1;
  if (character === "\ufe0f") return last === 1 ? 1 : 0;
  if (/[\p{Mn}\p{Me}]/u.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}

/** East Asian Width W and F of Unicode Standard Annex 11, in ranges that also hold unassigned neighbours. */
const wide =
  /[\u{1100}-\u{115f}\u{231a}\u{231b}\u{2e80}-\u{303e}\u{3041}-\u{4dbf}\u{4e00}-\u{a4cf}\u{a960}-\u{a97f}\u{ac00}-\u{d7a3}\u{f900}-\u{faff}\u{fe10}-\u{fe19}\u{fe30}-\u{fe6f}\u{ff01}-\u{ff60}\u{ffe0}-\u{ffe6}\u{16fe0}-\u{18cff}\u{1aff0}-\u{1b2ff}\u{1f200}-\u{1f2ff}\u{20000}-\u{3fffd}]|(?![\u{1f1e6}-\u{1f1ff}])\p{Emoji_Presentation}/u;
