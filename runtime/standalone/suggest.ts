/** What names there are, at a sentence's end; stands in for `suggest.ts` in a standalone client, whose types tell of misspelt names. */
export function suggestion(_name: string, candidates: readonly string[]): string {
  return candidates.length === 0 || candidates.length > 12 ? "" : ` Known: ${candidates.join(", ")}.`;
}
