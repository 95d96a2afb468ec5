/** A source's prose, made to fit a descriptor's fields. */

/** One line: Markdown's and HTML's line ends, and blanks of all kinds, as single blanks. */
export function oneLine(text: string): string {
  return text
    .toWellFormed()
    .replace(/<br\s*\/?>/gi, " ")
    .replace(/\s+/g, " ")
    .trim();
}

/** At most `most` characters, cut behind a word. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const room = text.slice(0, most - 1);
  const end = room.search(/\s\S*$/);
  return `${(end > most / 2 ? room.slice(0, end) : room).replace(/[\s,;:.–-]+$/, "").toWellFormed()}…`;
}

/** A description in one line of at most `most` characters; undefined where it says nothing. */
export function shortText(text: string | undefined, most: number): string | undefined {
  const line = text === undefined ? "" : oneLine(text);
  return line === "" ? undefined : cut(line, most);
}

/** Long text: its own lines, without blanks at their ends, at most `most` characters. */
export function longText(text: string | undefined, most: number): string | undefined {
  if (text === undefined) return undefined;
  const lines = text
    .toWellFormed()
    .replace(/\r\n?|[\u2028\u2029]/g, "\n")
    .replaceAll("\t", "  ")
    .split("\n")
    .map((line) => line.trimEnd());
  const whole = lines
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
  return whole === "" ? undefined : cutLines(whole, most);
}

/** Whole paragraphs or sentences where they fit. */
function cutLines(text: string, most: number): string {
  if (text.length <= most) return text;
  const end = text.lastIndexOf("\n\n", most);
  return end > most / 2 ? text.slice(0, end).trimEnd() : cut(text, most);
}
