import { maxWholeTokens } from "./limits.ts";

/** Whether a text has more tokens than the parser of the whole language may be given, guessed by its punctuation. */
export function isCostly(text: string): boolean {
  if (text.length <= maxWholeTokens) return false;
  let tokens = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === newline || flow.has(code)) tokens++;
    else if (block.has(code) && text.charCodeAt(at + 1) <= 32) tokens++;
    else if (prefixes.has(code) && !(text.charCodeAt(at - 1) > 32)) tokens++;
  }
  return tokens > maxWholeTokens;
}

const newline = 10;
const codes = (characters: string): ReadonlySet<number> =>
  new Set([...characters].map((one) => one.charCodeAt(0)));
const flow = codes(",[]{}");
const block = codes(":-?");
const prefixes = codes("&*!#");
