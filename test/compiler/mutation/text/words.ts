/** Slips within a word. */

/** A letter in the middle is gone. */
export function dropped(text: string): string {
  const at = text.length >> 1;
  return text.length > 1 ? text.slice(0, at) + text.slice(at + 1) : text;
}

/** Two letters in the middle change places. */
export function swapped(text: string): string {
  for (let at = text.length >> 1; at < text.length - 1; at++) {
    const [one = "", two = ""] = text.slice(at, at + 2);
    if (/\w/.test(one) && /\w/.test(two) && one !== two)
      return text.slice(0, at) + two + one + text.slice(at + 2);
  }
  return `${text}${/\w$/.test(text) ? "x" : ""}`;
}
