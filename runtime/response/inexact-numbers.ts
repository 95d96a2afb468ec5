/**
 * Numbers of JSON that a number of the host cannot hold, integers past ±2^53 and numbers past the largest double: they are put
 * in quotes, so that they come as their text.
 */

const suspect = /\d{16}|\d[eE]\+?\d{3}/;
/** Only what stands where a value stands, so that quotes never make a wrong text right. */
const inexact =
  /((?:^|[[,:])\s*)(-?(?:[1-9]\d{15,}(?:\.\d+)?(?:[eE][+-]?\d+)?|(?:0|[1-9]\d*)(?:\.\d+)?[eE]\+?\d{3,}))(?=\s*(?:[,\]}]|$))/g;
/** 2^53: the last integer up to which a number tells every integer from its neighbours. */
const limit = "9007199254740992";

/** Strings are skipped, those of a wrong text as far as they go: what is wrong stays wrong. */
export function withInexactQuoted(text: string): string {
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
