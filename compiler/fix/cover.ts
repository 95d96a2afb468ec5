import type { Span } from "../read/tree.ts";

/** Tells whether a span meets or touches any of those given; asking is logarithmic in their number. */
export function createCover(spans: readonly Span[]): (span: Span) => boolean {
  const merged: { start: number; end: number }[] = [];
  for (const { start, end } of [...spans].sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last && start <= last.end) last.end = Math.max(last.end, end);
    else merged.push({ start, end });
  }
  return (span) => {
    let low = 0;
    let high = merged.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((merged[middle]?.end ?? 0) < span.start) low = middle + 1;
      else high = middle;
    }
    const found = merged[low];
    return found !== undefined && found.start <= span.end;
  };
}
