import {
  append,
  dropUntil,
  eachAfter,
  isEmpty,
  join,
  newestTime,
  openRing,
  type StartRing,
} from "./start-ring.ts";

/** The starts of one rolling window with their sum, for keepers that are few; a limit's record keeps its ring itself. */
export class StartWindow {
  /** Units in the window, including those that have left it and are not yet dropped. */
  used = 0;
  #ring: StartRing | undefined = undefined;
  /** First start of the newest pair. */
  #opened: number = Number.NEGATIVE_INFINITY;

  get empty(): boolean {
    return this.#ring === undefined;
  }

  /** Adds units at `time`, which is no earlier than any before. */
  add(time: number, units: number, slotMs: number): void {
    this.used += units;
    const ring = this.#ring;
    if (ring !== undefined && (time - this.#opened < slotMs || time === newestTime(ring))) {
      join(ring, time, units);
      return;
    }
    this.#ring = ring === undefined ? openRing(time, units) : append(ring, time, units);
    this.#opened = time;
  }

  /** Forgets what started at `until` or before. */
  dropUntil(until: number): void {
    if (this.#ring === undefined) return;
    this.used -= dropUntil(this.#ring, until);
    if (isEmpty(this.#ring)) this.#ring = undefined;
  }

  /** Times and units, oldest first. */
  pairs(): readonly (readonly [number, number])[] {
    const pairs: [number, number][] = [];
    if (this.#ring !== undefined)
      eachAfter(this.#ring, Number.NEGATIVE_INFINITY, (time, units) => void pairs.push([time, units]));
    return pairs.reverse();
  }
}
