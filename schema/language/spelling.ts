/** Optimal string alignment distance (edits and swaps of neighbours), given up past `limit`. */
export function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let least = Math.min(
        (previous[j] ?? 0) + 1,
        (current[j - 1] ?? 0) + 1,
        (previous[j - 1] ?? 0) + (same ? 0 : 1),
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, (before[j - 2] ?? 0) + 1);
      current.push(least);
    }
    before = previous;
    previous = current;
  }
  return previous[b.length] ?? 0;
}

/** The name that was probably meant: at most a third of its length away, case and separators aside. */
export function closest(name: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    if (candidate === name) continue;
    const limit = Math.max(1, Math.floor(Math.max(candidate.length, name.length) / 3));
    const away = plain(candidate) === plain(name) ? 0 : distance(name, candidate, limit);
    if (away <= limit && away < least && (away < Math.min(candidate.length, name.length) || away === 0)) {
      least = away;
      best = candidate;
    }
  }
  return best;
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
