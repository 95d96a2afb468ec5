import { closest, list } from "../schema/language/spelling.ts";

/** The end of a sentence about a name that is not there: `; did you mean X?`, or what there is. */
export function suggestion(word: string, known: readonly string[]): string {
  const near = closest(word, known);
  if (near !== undefined) return `; did you mean ${near}?`;
  return known.length > 0 ? `; there is ${list(known)}` : "; there is none";
}
