/**
 * I-Regexp (RFC 9485), the pattern language of JSONPath's `match()` and `search()`: its grammar is checked here
 * and each pattern is rewritten for the linear-time engine. The two agree but for the dot, which in I-Regexp
 * stands for all but LF and CR.
 */
const categories = /^(?:L[lmotu]?|M[cen]?|N[dlo]?|P[cdefios]?|Z[lps]?|S[ckmo]?|C[cfno]?)$/;
const escapable = new Set("()*+-.?[\\]^nrt{|}");
const syntaxCharacters = new Set("()*+.?[\\]{|}");

/** The same pattern for the linear-time engine, or undefined where the text is no I-Regexp. */
export function translateIRegexp(pattern: string): string | undefined {
  if (!pattern.isWellFormed()) return undefined;
  const out: string[] = [];
  const open: number[] = [];
  let at = 0;
  let quantifiable = false;
  while (at < pattern.length) {
    const char = String.fromCodePoint(pattern.codePointAt(at) ?? 0);
    const piece = readPiece(pattern, at, char, quantifiable, open);
    if (!piece) return undefined;
    out.push(piece.text);
    quantifiable = piece.quantifiable;
    at = piece.end;
  }
  return open.length === 0 ? out.join("") : undefined;
}

interface Piece {
  readonly text: string;
  readonly end: number;
  /** A quantifier may follow. */
  readonly quantifiable: boolean;
}

function readPiece(
  pattern: string,
  at: number,
  char: string,
  quantifiable: boolean,
  open: number[],
): Piece | undefined {
  switch (char) {
    case "(":
      open.push(at);
      return { text: "(?:", end: at + 1, quantifiable: false };
    case ")":
      return open.pop() === undefined ? undefined : { text: ")", end: at + 1, quantifiable: true };
    case "|":
      return { text: "|", end: at + 1, quantifiable: false };
    case ".":
      return { text: "[^\\n\\r]", end: at + 1, quantifiable: true };
    case "*":
    case "+":
    case "?":
      return quantifiable ? { text: char, end: at + 1, quantifiable: false } : undefined;
    case "{":
      return quantifiable ? readRange(pattern, at) : undefined;
    case "\\":
      return readEscape(pattern, at);
    case "[":
      return readClass(pattern, at);
    default:
      if (syntaxCharacters.has(char)) return undefined;
      return { text: char, end: at + char.length, quantifiable: true };
  }
}

function readRange(pattern: string, at: number): Piece | undefined {
  const range = /^\{\d+(?:,\d*)?\}/.exec(pattern.slice(at, at + 32))?.[0];
  return range === undefined ? undefined : { text: range, end: at + range.length, quantifiable: false };
}

function readEscape(pattern: string, at: number): Piece | undefined {
  const next = pattern[at + 1] ?? "";
  if (escapable.has(next)) return { text: `\\${next}`, end: at + 2, quantifiable: true };
  if (next !== "p" && next !== "P") return undefined;
  const name = /^\{([A-Z][a-z]?)\}/.exec(pattern.slice(at + 2, at + 6))?.[1];
  if (name === undefined || !categories.test(name)) return undefined;
  return { text: `\\${next}{${name}}`, end: at + 4 + name.length, quantifiable: true };
}

/** RFC 9485, section 4: `charClassExpr`. */
function readClass(pattern: string, start: number): Piece | undefined {
  let at = start + 1;
  let text = "[";
  if (pattern[at] === "^") {
    text += "^";
    at++;
  }
  const first = at;
  while (at < pattern.length && pattern[at] !== "]") {
    if (pattern[at] === "-") {
      // A hyphen stands for itself only at either end.
      if (at !== first && pattern[at + 1] !== "]") return undefined;
      text += "\\-";
      at++;
      continue;
    }
    const low = readClassMember(pattern, at);
    if (!low) return undefined;
    text += low.text;
    at = low.end;
    if (pattern[at] !== "-" || pattern[at + 1] === "]") continue;
    const high = low.quantifiable ? readClassMember(pattern, at + 1) : undefined;
    if (!high?.quantifiable) return undefined;
    text += `-${high.text}`;
    at = high.end;
  }
  return at === first || pattern[at] !== "]"
    ? undefined
    : { text: `${text}]`, end: at + 1, quantifiable: true };
}

/** One character or category of a class; `quantifiable` marks one that may bound a range. */
function readClassMember(pattern: string, at: number): Piece | undefined {
  const char = String.fromCodePoint(pattern.codePointAt(at) ?? 0);
  if (char === "\\") {
    const escaped = readEscape(pattern, at);
    return escaped && { ...escaped, quantifiable: !/^\\[pP]/.test(escaped.text) };
  }
  if (char === "[" || char === "]" || char === "-" || char === "") return undefined;
  return { text: /[&~^]/.test(char) ? `\\${char}` : char, end: at + char.length, quantifiable: true };
}
