import { closest } from "../schema/language/spelling.ts";

/** ` Did you mean "x"?`, or a list of what there is, or nothing; begins with a blank for use at a sentence's end. */
export function suggestion(name: string, candidates: readonly string[]): string {
  const meant = closest(name.slice(0, 100), candidates);
  if (meant !== undefined) return ` Did you mean "${meant}"?`;
  if (candidates.length === 0 || candidates.length > 12) return "";
  return ` Known: ${candidates.join(", ")}.`;
}
