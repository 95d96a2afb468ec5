/** Numbers of JSON that a number of the host cannot hold; stands in for `response/inexact-numbers.ts`. */

/** An escape, a quote, or a number of JSON that stands alone and is no key. */
const pieces = /\\.|"|(?<![\w.+-])-?(?!0\d)\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-]|\s*:)/gs;

/** Puts them in quotes, so that they come as their text; what stands in strings stays, and what is wrong stays wrong. */
export function withInexactQuoted(text: string): string {
  let isInString = false;
  return text.replace(pieces, (piece) => {
    if (piece === '"') isInString = !isInString;
    return isInString || !isInexact(piece) ? piece : `"${piece}"`;
  });
}

/** 2^53 is the last integer up to which a number tells every integer from its neighbours. What is no number is not inexact. */
function isInexact(text: string): boolean {
  const number = Math.abs(Number(text));
  return /[.eE]/.test(text) ? number === Infinity : number >= 2 ** 53 && !/^-?9007199254740992$/.test(text);
}
