/** Processes and the cores that they share: nothing runs before a core and its process are free. Milliseconds. */
import type { Clock } from "../../runtime/ports.ts";
import type { World } from "./world.ts";

/** Cores; each with the time at which it is free. */
export class Machine {
  readonly #free: Float64Array;

  constructor(cores: number) {
    this.#free = new Float64Array(cores);
  }

  /** When something that may start at `from` starts, on the core that is free first, for so long. */
  reserve(from: number, ms: number): number {
    let first = 0;
    for (let core = 1; core < this.#free.length; core++)
      if ((this.#free[core] ?? 0) < (this.#free[first] ?? 0)) first = core;
    const start = Math.max(from, this.#free[first] ?? 0);
    this.#free[first] = start + ms;
    return start;
  }
}

/** One single-threaded process. */
export class Host {
  readonly #world: World;
  readonly #machine: Machine;
  /** What one event costs it. */
  readonly #costMs: () => number;
  readonly #offset: number;
  #freeAt = 0;

  constructor(world: World, machine: Machine, costMs: () => number) {
    this.#world = world;
    this.#machine = machine;
    this.#costMs = costMs;
    this.#offset = 1_000 * world.random();
  }

  /** Something reaches the process at `time`: it is dealt with when its turn comes. */
  event(time: number, react: () => void): () => void {
    let cancelled = false;
    this.#world.at(time, () => {
      if (cancelled) return;
      const cost = this.#costMs();
      const start = this.#machine.reserve(Math.max(this.#world.now, this.#freeAt), cost);
      this.#freeAt = start + cost;
      this.#world.at(this.#freeAt, () => {
        if (!cancelled) react();
      });
    });
    return () => {
      cancelled = true;
    };
  }

  /** Nothing runs for so long: a collection of garbage, a machine that swaps. */
  stall(ms: number): void {
    this.#freeAt = Math.max(this.#freeAt, this.#world.now) + ms;
  }

  /** Its own monotonic clock. Timers go by whole milliseconds, and are up to one late, as the platform's are. */
  readonly clock: Clock = {
    now: () => this.#world.now + this.#offset,
    wall: () => this.#world.now,
    timer: (ms, fire) => {
      const late = Math.max(1, Math.ceil(ms)) + this.#world.random();
      return { cancel: this.event(this.#world.now + late, fire) };
    },
  };
}
