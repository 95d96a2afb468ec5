/** Numbers of JSON that a number of the host cannot hold; stands in for `response/inexact-numbers.ts`. */

/** An escape, a quote, or a number at the place of a value: whole past 15 digits, or with an exponent past 99. */
const pieces =
  /\\.|"|((?:^|[[,:])\s*)(-?(?:[1-9]\d{15,}(?:\.\d+)?(?:[eE][+-]?\d+)?|(?:0|[1-9]\d*)(?:\.\d+)?[eE]\+?\d{3,}))(?=\s*(?:[,\]}]|$))/gs;

/** Puts them in quotes, so that they come as their text; what stands in strings stays, and what is wrong stays wrong. */
export function withInexactQuoted(text: string): string {
  let isInString = false;
  return text.replace(pieces, (piece, before: string | undefined, number: string) => {
    if (piece === '"') isInString = !isInString;
    return isInString || before === undefined || isExact(number) ? piece : `${before}"${number}"`;
  });
}

/** 2^53 is the last integer up to which a number tells every integer from its neighbours. */
function isExact(text: string): boolean {
  const number = Math.abs(Number(text));
  return /[.eE]/.test(text) ? number < Infinity : number < 2 ** 53 || /^-?9007199254740992$/.test(text);
}
