/** JSON as collections hold it: with `{{holes}}` in place of values, comments, and commas too many. */

/** The value; a hole in place of one is null. Undefined where the text is no JSON all the same. */
export function parseJson(text: string): unknown {
  for (const form of [(): string => text, (): string => plainJson(text)])
    try {
      return JSON.parse(form()) as unknown;
    } catch {
      // The next form, if there is one.
    }
  return undefined;
}

/** In one pass, each character once. */
function plainJson(text: string): string {
  let out = "";
  // A comma waits for what follows it: before an end it was one too many.
  let comma = "";
  for (let from = 0; from < text.length; ) {
    const part = partAt(text, from);
    from = part.end;
    if (part.text.trim() === "") continue;
    if (part.text !== "}" && part.text !== "]") out += comma;
    comma = part.text === "," ? "," : "";
    if (comma === "") out += part.text;
  }
  return out;
}

function partAt(text: string, from: number): { readonly text: string; readonly end: number } {
  const two = text.slice(from, from + 2);
  if (text[from] === '"') {
    const end = endOfString(text, from);
    return { text: text.slice(from, end), end };
  }
  if (two === "//") return { text: "", end: orEnd(text.indexOf("\n", from), text) };
  if (two === "/*") return { text: " ", end: orEnd(text.indexOf("*/", from), text, 2) };
  if (two === "{{") {
    const hole = /^\{\{[^{}\n"]{1,200}\}\}/.exec(text.slice(from, from + 204))?.[0];
    if (hole !== undefined) return { text: "null", end: from + hole.length };
  }
  return { text: text[from] ?? "", end: from + 1 };
}

function endOfString(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}

function orEnd(found: number, text: string, more = 0): number {
  return found < 0 ? text.length : found + more;
}
