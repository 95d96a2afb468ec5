/**
 * How many processes share the limits. A store that has forgotten counts only those who have spoken since, and a fleet
 * that joins counts itself one by one: so the most that was heard within the life of a process's word stands.
 */
import type { Clock } from "../ports.ts";

export class FleetSize {
  readonly #clock: Clock;
  readonly #lifeMs: number;
  /** Falling counts, each with the time until which it stands. */
  #heard: { readonly count: number; readonly until: number }[] = [];

  /** `given` stands until more is known, and for `lifeMs` from now. */
  constructor(clock: Clock, lifeMs: number, given: number) {
    this.#clock = clock;
    this.#lifeMs = lifeMs;
    this.heard(given);
  }

  get count(): number {
    return this.#heard[0]?.count ?? 1;
  }

  heard(count: number): void {
    const now = this.#clock.now();
    this.#heard = this.#heard.filter((one) => one.count > count && one.until > now);
    this.#heard.push({ count: Math.max(1, count), until: now + this.#lifeMs });
  }
}
