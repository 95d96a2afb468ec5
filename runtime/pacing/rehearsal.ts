/** The stage on which a waiting room plays what is to come: lanes and limits like its own, and a clock that goes as it is told. */
import type { Clock, LimitObject, TimerHandle } from "../ports.ts";
import { LaneQueue, limitKey } from "./lane.ts";

/** With more who wait than these the play would take longer than a refusal may. */
export const mostPlayers = 128;

/** A play that has not come to its end by then is given up. */
const mostScenes = 10_000;

/** Copies of lanes and limits, one for each. What runs counts in none: when calls end is not known. */
export class Stage {
  readonly clock: StageClock;
  readonly #lanes = new Map<LaneQueue, LaneQueue>();
  readonly #limits = new Map<string, LimitObject>();

  constructor(now: number) {
    this.clock = new StageClock(now);
  }

  lane(original: LaneQueue): LaneQueue {
    const known = this.#lanes.get(original);
    if (known) return known;
    const limits = original.limits.map((limit, index) =>
      this.#limit(original.keys[index] ?? limitKey(limit), limit),
    );
    const copy = new LaneQueue(limits, original.tenant, original.priority);
    this.#lanes.set(original, copy);
    return copy;
  }

  /** Those of all lanes that were asked for. */
  get limits(): readonly LimitObject[] {
    return [...this.#limits.values()];
  }

  /**
   * Lets time pass until somebody who comes finds room, and answers when that is. `roomAt` is asked at every moment at
   * which something may have changed; undefined: only what happens next can tell.
   */
  play(roomAt: () => number | undefined): number | undefined {
    for (let scene = 0; scene < mostScenes; scene++) {
      const until = roomAt();
      if (until !== undefined && until <= this.clock.now()) return this.clock.now();
      if (!this.clock.next(until ?? Number.POSITIVE_INFINITY)) return undefined;
    }
    return undefined;
  }

  #limit(key: string, { maxConcurrent: _, memo: __, ...limit }: LimitObject): LimitObject {
    const known = this.#limits.get(key) ?? limit;
    this.#limits.set(key, known);
    return known;
  }
}

/** Stands still but for `next`, which goes to the next timer. */
class StageClock implements Clock {
  #now: number;
  readonly #timers = new Set<{ readonly at: number; readonly fire: () => void }>();

  constructor(now: number) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  wall(): number {
    return this.#now;
  }

  timer(ms: number, fire: () => void): TimerHandle {
    const timer = { at: this.#now + Math.max(0, ms), fire };
    this.#timers.add(timer);
    return { cancel: () => void this.#timers.delete(timer) };
  }

  /** To the next timer, or to `most` where that comes first; false where neither comes. */
  next(most: number): boolean {
    let first: { readonly at: number; readonly fire: () => void } | undefined;
    for (const timer of this.#timers) if (!first || timer.at < first.at) first = timer;
    if (Math.min(first?.at ?? most, most) === Number.POSITIVE_INFINITY) return false;
    if (!first || first.at > most) {
      this.#now = Math.max(this.#now, most);
      return true;
    }
    this.#timers.delete(first);
    this.#now = Math.max(this.#now, first.at);
    first.fire();
    return true;
  }
}
