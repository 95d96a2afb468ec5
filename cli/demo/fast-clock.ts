import { systemClock } from "../../runtime/clock.ts";
import type { Clock } from "../../runtime/index.ts";

/** A clock that runs faster than the machine's and can be turned forward: an hour passes, nobody waits for it. */
export interface FastClock extends Clock {
  /** Turns the clock forward. Nothing may be waiting on it. */
  skip(ms: number): void;
}

/** A clock that runs `speed` times as fast as time does. */
export function createFastClock(speed: number): FastClock {
  const began = systemClock.now();
  const wall = systemClock.wall();
  let skipped = 0;
  const passed = (): number => (systemClock.now() - began) * speed + skipped;
  return {
    now: passed,
    wall: () => wall + passed(),
    timer: (ms, fire) => systemClock.timer(ms / speed, fire),
    skip: (ms) => {
      skipped += ms;
    },
  };
}
