/**
 * Strict JSON (RFC 8259) that keeps what a number of the host cannot hold: integers past ±2^53 and numbers past the
 * largest double come as their text. Such numbers are put in quotes before the host's parser reads the text.
 */
import { invalidResponse } from "./invalid.ts";
import { jsonErrorOffset } from "./json-error.ts";

const longRun = 16;
/** An exponent that may reach past the largest double, with what may follow a number: then no text of hex digits is taken for one. */
const largeExponent = /\d[eE]\+?\d{3,}(?=[\s,\]}]|$)/;
const suspect = /\d{16}|\d[eE]\+?\d{3}/;
/** Only what stands where a value stands, so that quotes never make a wrong text right. */
const inexact =
  /((?:^|[[,:])\s*)(-?(?:[1-9]\d{15,}(?:\.\d+)?(?:[eE][+-]?\d+)?|(?:0|[1-9]\d*)(?:\.\d+)?[eE]\+?\d{3,}))(?=\s*(?:[,\]}]|$))/g;
/** 2^53: the last integer up to which a number tells every integer from its neighbours. */
const limit = "9007199254740992";

/** The value of a JSON text. Throws `response_invalid` with the place of the first character that is wrong. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(hasLongRun(text) || largeExponent.test(text) ? withInexactQuoted(text) : text);
  } catch {
    // The parser's own message quotes the body: it goes no further.
    throw invalidJson(text);
  }
}

/** True where a number begins with 16 digits. Looking at every 16th character misses none. */
function hasLongRun(text: string): boolean {
  for (let at = longRun - 1; at < text.length; at += longRun) {
    if (!isDigit(text.charCodeAt(at))) continue;
    let start = at;
    while (isDigit(text.charCodeAt(start - 1))) start--;
    let end = at + 1;
    while (isDigit(text.charCodeAt(end))) end++;
    if (end - start < longRun) continue;
    if (mayPrecede(text.charCodeAt(start - 1)) && mayFollow(text.charCodeAt(end))) return true;
    // A run that counts for nothing is walked once.
    at = end;
  }
  return false;
}

/** Nothing (NaN), a blank, `,`, `-`, `:` or `[`: the digits begin a number, and are none of a text, a hex number or a fraction. */
function mayPrecede(code: number): boolean {
  return !(code > 0x20) || code === 0x2c || code === 0x2d || code === 0x3a || code === 0x5b;
}

/** Nothing (NaN), a blank, `,`, `.`, `]`, `}`, `e` or `E`. */
function mayFollow(code: number): boolean {
  if (!(code > 0x20) || code === 0x2c || code === 0x2e) return true;
  return code === 0x5d || code === 0x7d || code === 0x45 || code === 0x65;
}

/** False for NaN, which is what stands outside of a text. */
function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function invalidJson(text: string): Error {
  const offset = jsonErrorOffset(text);
  const line = text.slice(0, offset).split("\n").length;
  const column = offset - text.lastIndexOf("\n", offset - 1);
  const what = offset >= text.length ? "ends too early" : "is not valid JSON";
  return invalidResponse(
    `The answer ${what} at line ${line}, column ${column} (character ${offset}); check that the endpoint answers with JSON.`,
    { offset, line, column },
  );
}

/** Strings are skipped, those of a wrong text as far as they go: what is wrong stays wrong. */
function withInexactQuoted(text: string): string {
  let exact = "";
  let copied = 0;
  for (let at = 0; at < text.length; ) {
    const quote = text.indexOf('"', at);
    const end = quote < 0 ? text.length : quote;
    const between = end - at < 5 ? "" : text.slice(at, end);
    if (suspect.test(between)) {
      exact += text.slice(copied, at) + between.replace(inexact, quoteInexact);
      copied = end;
    }
    at = quote < 0 ? end : endOfString(text, quote) + 1;
  }
  return copied === 0 ? text : exact + text.slice(copied);
}

function quoteInexact(whole: string, before: string, number: string): string {
  const isExact = /^-?\d+$/.test(number)
    ? !isPastLimit(number.replace("-", ""))
    : Number.isFinite(Number(number));
  return isExact ? whole : `${before}"${number}"`;
}

/** Digits without leading zeros compare as text; a BigInt of a very long run would take seconds. */
function isPastLimit(digits: string): boolean {
  return digits.length > limit.length || (digits.length === limit.length && digits > limit);
}

/** The place of the closing quote, or the end of the text. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end >= 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end < 0 ? text.length : end;
}

function isEscaped(text: string, at: number): boolean {
  let slashes = 0;
  while (text[at - 1 - slashes] === "\\") slashes++;
  return slashes % 2 === 1;
}
