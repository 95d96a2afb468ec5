import type { Clock } from "../ports.ts";

/** Tells one time, however often it is asked: Unix time in milliseconds. */
export type Moment = Pick<Clock, "wall">;

/** The moment at which it is first asked, by a clock that is `aheadMs` ahead of the given one. Most requests tell no time. */
export class LateMoment implements Moment {
  readonly #clock: Moment;
  readonly #aheadMs: number;
  #wall: number | undefined = undefined;

  constructor(clock: Moment, aheadMs: number) {
    this.#clock = clock;
    this.#aheadMs = aheadMs;
  }

  wall(): number {
    this.#wall ??= this.#clock.wall() + this.#aheadMs;
    return this.#wall;
  }
}
