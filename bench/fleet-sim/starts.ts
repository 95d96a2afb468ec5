/** What a fleet has started, counted where it arrives. */
import { percentile, worstWindow } from "../../test/support/fleet.ts";

export class Starts {
  count: number = 0;
  readonly waits: number[] = [];
  readonly failures: Map<string, number> = new Map();
  readonly #arrivals = new Map<number, number[]>();

  /** Keys of which something has started. */
  get keys(): number {
    return this.#arrivals.size;
  }

  made(key: number, arrival: number, waitMs: number): void {
    this.count++;
    this.waits.push(waitMs);
    const known = this.#arrivals.get(key);
    if (known === undefined) this.#arrivals.set(key, [arrival]);
    else known.push(arrival);
  }

  failed(error: unknown): void {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    this.failures.set(code, (this.failures.get(code) ?? 0) + 1);
  }

  /** The most arrivals of one key in any window of so many milliseconds, and where that window ends. */
  worst(windowMs: number): number {
    let worst = 0;
    for (const arrivals of this.#arrivals.values())
      worst = Math.max(
        worst,
        worstWindow(
          arrivals.sort((a, b) => a - b),
          windowMs,
        ),
      );
    return worst;
  }

  /** Arrivals of all keys from one time until another. */
  within(from: number, to: number): number {
    let sum = 0;
    for (const arrivals of this.#arrivals.values())
      for (const at of arrivals) if (at >= from && at < to) sum++;
    return sum;
  }

  /** Arrivals in each tenth of a second until `end`. */
  perTenth(end: number): number[] {
    const tenths = new Array<number>(Math.floor(end / 100)).fill(0);
    for (const arrivals of this.#arrivals.values())
      for (const at of arrivals) {
        const tenth = Math.floor(at / 100);
        if (tenth < tenths.length) tenths[tenth] = (tenths[tenth] ?? 0) + 1;
      }
    return tenths;
  }

  wait(part: number): number {
    return percentile(this.waits, part);
  }
}
