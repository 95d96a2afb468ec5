/** Times that are drawn, milliseconds. */

/** A log-normal time by its median and the ratio of its 84th percentile to that: what networks and servers take. */
export interface Spread {
  readonly medianMs: number;
  readonly ratio: number;
}

export function draw(random: () => number, { medianMs, ratio }: Spread): number {
  return medianMs * ratio ** normal(random);
}

/** The time to the next of events that come by themselves, so many in a second. */
export function untilNext(random: () => number, perSecond: number): number {
  return (-1_000 * Math.log(1 - random())) / perSecond;
}

/** An index below `count`; with `skew` 0 all are as likely, with 1 the first is chosen as by Zipf's law. */
export function pick(random: () => number, count: number, skew: number): number {
  if (skew === 0) return Math.floor(random() * count);
  // The inverse of the integral in place of the sum: exact enough for a load, and without a table.
  const top = skew === 1 ? Math.log(count + 1) : ((count + 1) ** (1 - skew) - 1) / (1 - skew);
  const share = random() * top;
  const at = skew === 1 ? Math.exp(share) : (share * (1 - skew) + 1) ** (1 / (1 - skew));
  return Math.min(count - 1, Math.floor(at) - 1);
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
