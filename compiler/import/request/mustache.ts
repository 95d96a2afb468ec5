/** Texts with `{{name}}` in them, as templates of the language: every other brace is text. */

const hole = /\{\{\s*([^{}]+?)\s*\}\}/g;

/** `toName` gives what a name is called here. */
export function fromMustache(text: string, toName: (name: string) => string): string {
  let out = "";
  let from = 0;
  for (const match of text.matchAll(hole)) {
    out += `${literal(text.slice(from, match.index))}{${toName(match[1] ?? "")}}`;
    from = match.index + match[0].length;
  }
  return out + literal(text.slice(from));
}

/** The name in a text that is one hole and nothing else. */
export function onlyHole(text: string): string | undefined {
  return /^\{\{\s*([^{}]+?)\s*\}\}$/.exec(text)?.[1];
}

export function holesOf(text: string): string[] {
  return [...text.matchAll(hole)].map(([, name = ""]) => name);
}

/** Text of a source, which means itself. */
export function literal(text: string): string {
  return text.replace(/[{}]/g, "$&$&");
}
