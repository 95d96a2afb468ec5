/** The candidate that a misspelt name was probably meant to be: edit distance at most a third of its length. */
export function suggest(name: string, candidates: Iterable<string>): string | undefined {
  const wanted = fold(name);
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const distance = editDistance(wanted, fold(candidate));
    if (distance < bestDistance && distance <= Math.max(1, Math.floor(candidate.length / 3))) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** ` Did you mean "x"?`, or a list of what there is, or nothing; begins with a blank for use at a sentence's end. */
export function suggestion(name: string, candidates: readonly string[]): string {
  const meant = suggest(name, candidates);
  if (meant !== undefined) return ` Did you mean "${meant}"?`;
  if (candidates.length === 0 || candidates.length > 12) return "";
  return ` Known: ${candidates.join(", ")}.`;
}

/** Case and separators are what people mix up most. */
function fold(name: string): string {
  return name
    .slice(0, 100)
    .replace(/[-_\s.]/g, "")
    .toLowerCase();
}

/** Optimal string alignment: insert, delete, replace, swap two neighbours. */
function editDistance(a: string, b: string): number {
  let twoBack: number[] = [];
  let oneBack: number[] = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const row: number[] = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min((oneBack[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (oneBack[j - 1] ?? 0) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, (twoBack[j - 2] ?? 0) + 1);
      row.push(least);
    }
    twoBack = oneBack;
    oneBack = row;
  }
  return oneBack[b.length] ?? 0;
}
