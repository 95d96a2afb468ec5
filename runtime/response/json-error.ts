/**
 * Where a JSON text goes wrong. The host's parser tells it in a message that quotes the body and differs by
 * version, so the place is found here, on the error path only. Keeps its own stack: any depth is fine.
 */
type Expected = "value" | "value-or-end" | "key" | "key-or-end" | "colon" | "comma-or-end" | "nothing";

const blank = new Set([" ", "\t", "\n", "\r"]);
const token = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/** The offset of the first character that no valid JSON text could have there; the length where it ends early. */
export function jsonErrorOffset(text: string): number {
  const closers: ("]" | "}")[] = [];
  let expected: Expected = "value";
  let at = 0;
  for (;;) {
    while (blank.has(text[at] ?? "")) at++;
    const char = text[at];
    if (char === undefined || expected === "nothing") return at;
    const afterValue = (): Expected => (closers.length === 0 ? "nothing" : "comma-or-end");
    if (expected === "colon") {
      if (char !== ":") return at;
      expected = "value";
      at++;
    } else if (char === closers.at(-1) && expected.endsWith("end")) {
      closers.pop();
      expected = afterValue();
      at++;
    } else if (expected === "comma-or-end") {
      if (char !== ",") return at;
      expected = closers.at(-1) === "}" ? "key" : "value";
      at++;
    } else if (char === '"') {
      const end = scanString(text, at);
      if (text[end] !== '"') return end;
      expected = expected.startsWith("key") ? "colon" : afterValue();
      at = end + 1;
    } else if (expected.startsWith("key")) return at;
    else if (char === "[" || char === "{") {
      closers.push(char === "[" ? "]" : "}");
      expected = char === "[" ? "value-or-end" : "key-or-end";
      at++;
    } else {
      token.lastIndex = at;
      if (!token.test(text)) return at;
      at = token.lastIndex;
      expected = afterValue();
    }
  }
}

/** The offset of the closing quote, or of what is wrong before it. */
function scanString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const char = text[at] ?? "";
    if (char === '"' || char < " ") return at;
    if (char !== "\\") continue;
    if (!/^(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/.test(text.slice(at + 1, at + 6))) return at;
    at += text[at + 1] === "u" ? 5 : 1;
  }
  return text.length;
}
