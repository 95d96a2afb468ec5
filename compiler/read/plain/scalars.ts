/** One-line scalars of plain YAML: their end, their value. */
import { blank, type Lines, tab } from "./lines.ts";

const colon = 58;
const hash = 35;
const quote = 34;
const apostrophe = 39;
const backslash = 92;

/** Characters that no plain scalar begins with, or only under conditions that are not plain. */
const odd = new Set([..."&*!|>%@`?:,[]{}#\"'\uFEFF"].map((character) => character.charCodeAt(0)));
const blockStop = /[\n\r\t#:\uFEFF]/g;
const flowStop = /[\n\r\t#:\uFEFF,[\]{}]/g;
const flowEnds = new Set([...",[]{}"].map((character) => character.charCodeAt(0)));

/** Moves over a plain scalar and gives the offset of its end, before blanks; it does not go on to the next line. */
export function skipPlain(lines: Lines, inFlow: boolean): number {
  const { text } = lines;
  if (odd.has(lines.code()) || (lines.code() === 45 && (inFlow || lines.isDash()))) {
    // A number may begin with a dash inside of flow collections as well.
    if (!(inFlow && lines.code() === 45 && /^-[\w.]/.test(text.slice(lines.at, lines.at + 2)))) lines.fail();
  }
  // The engine of patterns finds the next character of interest; to look at each takes a tenth of a start.
  const stop = inFlow ? flowStop : blockStop;
  let at = lines.at;
  for (; ; at++) {
    stop.lastIndex = at;
    at = stop.test(text) ? stop.lastIndex - 1 : text.length;
    if (lines.isLineEnd(at)) break;
    const code = text.charCodeAt(at);
    if (code === tab || code === 0xfeff) lines.fail(at);
    if (code === hash && text.charCodeAt(at - 1) === blank) break;
    if (code === colon && endsKey(lines, at + 1, inFlow)) break;
    if (inFlow && flowEnds.has(code)) break;
  }
  let end = at;
  while (end > lines.at && text.charCodeAt(end - 1) === blank) end--;
  lines.at = at;
  return end;
}

function endsKey(lines: Lines, after: number, inFlow: boolean): boolean {
  if (lines.isGap(after)) return true;
  const code = lines.code(after);
  if (code === tab) lines.fail(after);
  return inFlow && flowEnds.has(code);
}

/** Moves over a quoted scalar of one line and gives its value. */
export function readQuoted(lines: Lines): string {
  return lines.code() === quote ? readDouble(lines) : readSingle(lines);
}

function readSingle(lines: Lines): string {
  const { text } = lines;
  const start = lines.at + 1;
  let at = start;
  for (;;) {
    if (lines.isLineEnd(at)) lines.fail(at);
    if (text.charCodeAt(at) !== apostrophe) at++;
    else if (text.charCodeAt(at + 1) === apostrophe) at += 2;
    else break;
  }
  lines.at = at + 1;
  const value = text.slice(start, at);
  return value.includes("'") ? value.replaceAll("''", "'") : value;
}

function readDouble(lines: Lines): string {
  const { text } = lines;
  const start = lines.at + 1;
  let at = start;
  let escaped = false;
  for (;;) {
    if (lines.isLineEnd(at)) lines.fail(at);
    const code = text.charCodeAt(at);
    if (code === quote) break;
    if (code === backslash) escaped = true;
    at += code === backslash ? 2 : 1;
  }
  lines.at = at + 1;
  const value = text.slice(start, at);
  return escaped ? unescaped(lines, value, start) : value;
}

/** Escapes of YAML 1.2 (section 5.7) that stand for one character each. */
const escapes: Readonly<Record<string, string>> = {
  "0": "\0",
  a: "\x07",
  b: "\b",
  t: "\t",
  n: "\n",
  v: "\v",
  f: "\f",
  r: "\r",
  e: "\x1b",
  N: "\u0085",
  _: "\u00a0",
  L: "\u2028",
  P: "\u2029",
  " ": " ",
  '"': '"',
  "/": "/",
  "\\": "\\",
};

function unescaped(lines: Lines, value: string, start: number): string {
  return value.replace(
    /\\(?:x([\dA-Fa-f]{2})|u([\dA-Fa-f]{4})|U([\dA-Fa-f]{8})|(.?))/gs,
    (_whole, x, u, long, one, at) => {
      const digits: unknown = x ?? u ?? long;
      if (typeof digits !== "string") return escapes[String(one)] ?? lines.fail(start + Number(at));
      const point = Number.parseInt(digits, 16);
      return point > 0x10ffff ? lines.fail(start + Number(at)) : String.fromCodePoint(point);
    },
  );
}

/** The value of a plain scalar in the core schema of YAML 1.2 (section 10.3.2). */
export function plainValue(text: string): string | number | boolean | null {
  const first = text.charCodeAt(0);
  // Digits, a sign or a dot begin numbers; n, t, f and ~ (in both cases) the words; most texts begin otherwise.
  if ((first >= 48 && first <= 57) || first === 43 || first === 45 || first === 46)
    return numberOf(text) ?? text;
  if (text.length > 5) return text;
  return Object.hasOwn(words, text) ? (words[text] ?? null) : text;
}

const words: Readonly<Record<string, boolean | null>> = {
  "~": null,
  null: null,
  Null: null,
  NULL: null,
  true: true,
  True: true,
  TRUE: true,
  false: false,
  False: false,
  FALSE: false,
};

function numberOf(text: string): number | undefined {
  // Versions and dates begin like numbers. JavaScript reads all numbers of YAML but the words.
  if (Number.isNaN(Number(text))) return Object.hasOwn(numberWords, text) ? numberWords[text] : undefined;
  if (/^[-+]?\d+$/.test(text)) return Number.parseInt(text, 10);
  if (/^[-+]?(?:\.\d+|\d+\.\d*|(?:\.\d+|\d+(?:\.\d*)?)[eE][-+]?\d+)$/.test(text))
    return Number.parseFloat(text);
  if (/^0o[0-7]+$/.test(text)) return Number.parseInt(text.slice(2), 8);
  return /^0x[\dA-Fa-f]+$/.test(text) ? Number.parseInt(text.slice(2), 16) : undefined;
}

const numberWords: Readonly<Record<string, number>> = Object.fromEntries([
  ...[".inf", ".Inf", ".INF"].flatMap((word) => [
    [word, Number.POSITIVE_INFINITY],
    [`+${word}`, Number.POSITIVE_INFINITY],
    [`-${word}`, Number.NEGATIVE_INFINITY],
  ]),
  ...[".nan", ".NaN", ".NAN"].map((word) => [word, Number.NaN]),
]);
