import type { Clock, LimitObject, TimerHandle } from "../ports.ts";

interface Lot {
  units: number;
  readonly at: number;
  readonly until: number;
  readonly timer: TimerHandle;
}

/** Units that were fetched for those who wait, dated at the end of their lease; what is left then goes back. */
export class LeaseStock {
  readonly #clock: Clock;
  readonly #giveBack: (limits: readonly LimitObject[], units: number, at: number) => Promise<void>;
  /** By the lane's own list of limits. */
  readonly #lots = new Map<readonly LimitObject[], Lot>();

  constructor(
    clock: Clock,
    giveBack: (limits: readonly LimitObject[], units: number, at: number) => Promise<void>,
  ) {
    this.#clock = clock;
    this.#giveBack = giveBack;
  }

  /** The start of one leased unit, where there is one. */
  take(limits: readonly LimitObject[]): number | undefined {
    const lot = this.#lots.get(limits);
    if (lot === undefined || lot.until <= this.#clock.now()) return undefined;
    lot.units--;
    if (lot.units === 0) this.#drop(limits, lot);
    return lot.at;
  }

  put(limits: readonly LimitObject[], units: number, at: number, until: number): void {
    this.#end(limits);
    const timer = this.#clock.timer(Math.max(0, until - this.#clock.now()), () => this.#end(limits));
    this.#lots.set(limits, { units, at, until, timer });
  }

  clear(): void {
    for (const [limits, lot] of this.#lots) this.#drop(limits, lot);
  }

  #end(limits: readonly LimitObject[]): void {
    const lot = this.#lots.get(limits);
    if (lot === undefined) return;
    this.#drop(limits, lot);
    void this.#giveBack(limits, lot.units, lot.at);
  }

  #drop(limits: readonly LimitObject[], lot: Lot): void {
    lot.timer.cancel();
    this.#lots.delete(limits);
  }
}
