/**
 * Strict JSON (RFC 8259) that keeps integers past ±2^53 exact, as decimal strings. The host's parser does the
 * work; only a text with a long run of digits is read a second time.
 */
import { invalidResponse } from "./invalid.ts";
import { jsonErrorOffset } from "./json-error.ts";

const longDigits = /\d{16}/;
const longRun = 16;
const longNumber = /(^|[^\d.eE+-])(-?)(\d{16,})(?![\d.eE])/g;
/** 2^53: the last integer up to which a number tells every integer from its neighbours. */
const limit = "9007199254740992";

/** The value of a JSON text. Throws `response_invalid` with the place of the first character that is wrong. */
export function parseJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own message quotes the body: it goes no further.
    throw invalidJson(text);
  }
  return hasLongRun(text) ? parseExact(text, value) : value;
}

/** True where the text holds 16 digits in a row. Any such run has one at a place that is one less than a multiple of 16. */
function hasLongRun(text: string): boolean {
  for (let at = longRun - 1; at < text.length; at += longRun) {
    if (!isDigit(text.charCodeAt(at))) continue;
    let start = at;
    while (isDigit(text.charCodeAt(start - 1))) start--;
    let end = at + 1;
    while (isDigit(text.charCodeAt(end))) end++;
    if (end - start >= longRun) return true;
  }
  return false;
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

/** The text is known to be valid, so a number can only begin and end where JSON says. */
function parseExact(text: string, parsed: unknown): unknown {
  let exact = "";
  let copied = 0;
  for (let at = 0; at < text.length; ) {
    const quote = text.indexOf('"', at);
    const end = quote < 0 ? text.length : quote;
    if (end - at >= 16) {
      const between = text.slice(at, end);
      const quoted = quoteLongIntegers(between);
      if (quoted !== between) {
        exact += text.slice(copied, at) + quoted;
        copied = end;
      }
    }
    at = quote < 0 ? end : endOfString(text, quote) + 1;
  }
  return copied === 0 ? parsed : JSON.parse(exact + text.slice(copied));
}

/** `between` is what stands outside strings. */
function quoteLongIntegers(between: string): string {
  if (!longDigits.test(between)) return between;
  return between.replace(longNumber, (whole: string, before: string, sign: string, digits: string) =>
    isPastLimit(digits) ? `${before}"${sign}${digits}"` : whole,
  );
}

/** Digits without leading zeros compare as text; a BigInt of a very long run would take seconds. */
function isPastLimit(digits: string): boolean {
  return digits.length > limit.length || (digits.length === limit.length && digits > limit);
}

function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end;
}

function isEscaped(text: string, at: number): boolean {
  let slashes = 0;
  while (text[at - 1 - slashes] === "\\") slashes++;
  return slashes % 2 === 1;
}
