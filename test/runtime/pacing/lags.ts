/** When a process was not run, or too busy to act: on a loaded machine that is no fault of what it measures. */
export interface Lag {
  /** Unix milliseconds. */
  readonly from: number;
  readonly until: number;
}

const beatMs = 4;
/** Less than this is what any timer is late by. */
const leastMs = 8;

/** Notes every stretch in which the event loop stood still, until `end`. */
export function watchLags(): { end(): readonly Lag[] } {
  const lags: Lag[] = [];
  let last = performance.timeOrigin + performance.now();
  const beat = setInterval(() => {
    const now = performance.timeOrigin + performance.now();
    if (now - last > beatMs + leastMs) lags.push({ from: last, until: now });
    last = now;
  }, beatMs);
  return {
    end: () => {
      clearInterval(beat);
      return lags;
    },
  };
}

/** The longest lag that overlaps a stretch of time. */
export function longestLag(lags: readonly Lag[], from: number, until: number): number {
  return lags
    .filter((lag) => lag.until > from && lag.from < until)
    .reduce((longest, lag) => Math.max(longest, lag.until - lag.from), 0);
}
