/** Eight buckets for each doubling: a quantile is at most 9 % above what was measured. */
const perDoubling = 8;
/** The last bucket ends at 2^17 ms, a little over two minutes; what takes longer counts as that. */
const buckets = 17 * perDoubling;

/** Durations by logarithmic buckets, in memory of a fixed size. */
export class LatencyHistogram {
  readonly #counts: Uint32Array = new Uint32Array(buckets);
  #total = 0;

  /** `ms`: milliseconds; below 1 counts as 1. */
  add(ms: number): void {
    const at = ms <= 1 ? 0 : Math.min(buckets - 1, Math.ceil(Math.log2(ms) * perDoubling));
    this.#counts[at] = (this.#counts[at] ?? 0) + 1;
    this.#total++;
  }

  /** Adds what another one has counted. */
  merge(other: LatencyHistogram): void {
    for (let at = 0; at < buckets; at++)
      this.#counts[at] = (this.#counts[at] ?? 0) + (other.#counts[at] ?? 0);
    this.#total += other.#total;
  }

  clear(): void {
    if (this.#total === 0) return;
    this.#counts.fill(0);
    this.#total = 0;
  }

  /** Milliseconds that this share of the durations did not exceed, rounded up to a bucket; undefined where there are none. */
  quantile(share: number): number | undefined {
    if (this.#total === 0) return undefined;
    let left = Math.ceil(share * this.#total);
    for (let at = 0; at < buckets; at++) {
      left -= this.#counts[at] ?? 0;
      if (left <= 0) return 2 ** (at / perDoubling);
    }
    return undefined;
  }
}
