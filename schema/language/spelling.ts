/** Optimal string alignment distance (edits and swaps of neighbours), given up past `limit`. */
export function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  const [one, other] = withoutCommonEnds(a, b);
  const width = other.length;
  if (one.length === 0 || width === 0 || limit === 0) return Math.min(Math.max(one.length, width), limit + 1);
  // Cells further from the diagonal than the limit cost more than it: they stay as they are.
  const far = limit + 1;
  let before: number[] = [];
  let previous = new Array<number>(width + 1);
  for (let j = 0; j <= width; j++) previous[j] = j;
  for (let i = 1; i <= one.length; i++) {
    const current = new Array<number>(width + 1).fill(far);
    current[0] = i;
    let lowest = i;
    const last = Math.min(width, i + limit);
    for (let j = Math.max(1, i - limit); j <= last; j++) {
      const same = one[i - 1] === other[j - 1];
      let least = Math.min(
        (previous[j] ?? far) + 1,
        (current[j - 1] ?? far) + 1,
        (previous[j - 1] ?? far) + (same ? 0 : 1),
      );
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1])
        least = Math.min(least, (before[j - 2] ?? far) + 1);
      if (least < lowest) lowest = least;
      current[j] = least;
    }
    // A swap reaches back two rows, and costs one more than it starts from.
    if (lowest > limit + 1) return limit + 1;
    before = previous;
    previous = current;
  }
  return previous[width] ?? 0;
}

/** What both begin or end with is no edit. */
function withoutCommonEnds(a: string, b: string): readonly [string, string] {
  const shorter = Math.min(a.length, b.length);
  let start = 0;
  while (start < shorter && a[start] === b[start]) start++;
  let end = 0;
  while (end < shorter - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  return [a.slice(start, a.length - end), b.slice(start, b.length - end)];
}

/** Names among which a guess is worth its time; of more there are always several as near. */
const mostNames = 1000;

/** Pairs of characters that one guess may compare: a thousand names of thirty, and fewer of a hundred. */
const mostPairs = 1_000_000;

/** The name that was probably meant: at most a third of its length away, case and separators aside. */
export function closest(name: string, known: Iterable<string>): string | undefined {
  const names = Array.isArray(known) ? (known as readonly string[]) : [...known];
  if (isTooMuch(name, names)) return undefined;
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  const bare = plain(name);
  for (const candidate of names) {
    if (candidate === name) continue;
    if (plain(candidate) === bare) return candidate;
    // Only what is nearer than the best so far is of use, and shares a character with the name.
    const limit = Math.min(mostSlips(name, candidate), least - 1, name.length - 1, candidate.length - 1);
    if (limit < 1) continue;
    const away = distance(name, candidate, limit);
    if (away > limit) continue;
    least = away;
    best = candidate;
  }
  return best;
}

/** Whether a guess would cost more than it is worth; told by the lengths, before anything is compared. */
function isTooMuch(name: string, names: readonly string[]): boolean {
  if (names.length > mostNames) return true;
  let pairs = 0;
  for (const candidate of names)
    pairs += name.length * Math.min(candidate.length, 2 * mostSlips(name, candidate) + 1);
  return pairs > mostPairs;
}

function mostSlips(name: string, candidate: string): number {
  return Math.max(1, Math.floor(Math.max(candidate.length, name.length) / 3));
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[_\-\s.]/g, "");
}

/** "`a`, `b` and `c`", shortened past `most`. */
export function list(names: Iterable<string>, most = 8): string {
  const all = [...names];
  const shown = all.slice(0, most).map((name) => `\`${name}\``);
  if (all.length > most) return `${shown.join(", ")} and ${all.length - most} more`;
  return shown.length > 1 ? `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}` : (shown[0] ?? "none");
}

/** The names that are most like a word first; a long list stays as it is. */
export function nearestFirst(word: string, names: readonly string[], most = 32): readonly string[] {
  if (names.length > most) return names;
  const away = new Map(names.map((name) => [name, distance(word, name, Math.max(word.length, name.length))]));
  return [...names].sort((a, b) => (away.get(a) ?? 0) - (away.get(b) ?? 0));
}

/** The only one of the names that differs from a word in case and separators alone. */
export function sameButForStyle(word: string, names: readonly string[]): string | undefined {
  const bare = plain(word);
  const same = names.filter((name) => plain(name) === bare);
  return same.length === 1 ? same[0] : undefined;
}
