/**
 * Strict JSON (RFC 8259) that keeps what a number of the host cannot hold: integers past ±2^53 and numbers past the
 * largest double come as their text. Such numbers are put in quotes before the host's parser reads the text.
 */
import { withInexactQuoted } from "./inexact-numbers.ts";
import { invalidResponse } from "./invalid.ts";
import { jsonErrorOffset } from "./json-error.ts";

const longRun = 16;
/** An exponent that may reach past the largest double, with what may follow a number: then no text of hex digits is taken for one. */
const largeExponent = /\d[eE]\+?\d{3,}(?=[\s,\]}]|$)/;
/**
 * The value of a JSON text. `bytes`: the UTF-8 that it was decoded from, where that is at hand: looking for digits in
 * bytes takes a third of the time. Throws `response_invalid` with the place of the first character that is wrong.
 */
export function parseJson(text: string, bytes?: Uint8Array): unknown {
  try {
    const isLong = bytes ? hasLongRunInBytes(bytes) : hasLongRun(text);
    return JSON.parse(isLong || largeExponent.test(text) ? withInexactQuoted(text) : text);
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
    if (isLongNumber(text.charCodeAt(start - 1), end - start, text.charCodeAt(end))) return true;
    // A run is walked once.
    at = end;
  }
  return false;
}

/** The same over bytes, all digits of which are ASCII. */
function hasLongRunInBytes(bytes: Uint8Array): boolean {
  for (let at = longRun - 1; at < bytes.length; at += longRun) {
    if (!isDigit(bytes[at] ?? 0)) continue;
    let start = at;
    while (start > 0 && isDigit(bytes[start - 1] ?? 0)) start--;
    let end = at + 1;
    while (end < bytes.length && isDigit(bytes[end] ?? 0)) end++;
    if (isLongNumber(bytes[start - 1], end - start, bytes[end])) return true;
    at = end;
  }
  return false;
}

/** `before` and `after`: the characters beside a run of digits; NaN or undefined where the text begins or ends. */
function isLongNumber(before = Number.NaN, digits = 0, after = Number.NaN): boolean {
  return digits >= longRun && mayPrecede(before) && mayFollow(after);
}

/**
 * Nothing (NaN), a blank, `,`, `-`, `:`, `[` or the last byte of a byte order mark: the digits begin a number, and are none of
 * a text, a hex number or a fraction.
 */
function mayPrecede(code: number): boolean {
  if (!(code > 0x20) || code === 0x2c || code === 0x2d) return true;
  return code === 0x3a || code === 0x5b || code === 0xbf;
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
