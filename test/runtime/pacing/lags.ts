/** When a process was not run, or too busy to act: on a loaded machine that is no fault of what it measures. */
export interface Lag {
  /** Milliseconds of the machine's monotonic clock. */
  readonly from: number;
  readonly until: number;
}

const beatMs = 4;
/** Less than this is what any timer is late by. */
const leastMs = 8;

/** Notes every stretch in which the event loop stood still, until `end`. */
export function watchLags(): { end(): readonly Lag[] } {
  const lags: Lag[] = [];
  const clock = (): number => Number(process.hrtime.bigint()) / 1e6;
  let last = clock();
  const beat = setInterval(() => {
    const now = clock();
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

/** Milliseconds in which at least one of them stood still. */
export function stoodStill(lags: readonly Lag[]): number {
  let sum = 0;
  let end = Number.NEGATIVE_INFINITY;
  for (const { from, until } of [...lags].sort((a, b) => a.from - b.from)) {
    sum += Math.max(0, until - Math.max(from, end));
    end = Math.max(end, until);
  }
  return sum;
}
