/** The clock of the machine: monotonic time for waiting and lives, Unix time for signatures and dates. */
import type { Clock, TimerHandle } from "./ports.ts";

/** The longest delay that a timer of the platform takes; a longer one would fire at once. */
const longestDelay = 2 ** 31 - 1;

/** `performance.now()`, `Date.now()` and timers that let the process end unless `keepAlive` was called on them. */
export const systemClock: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  timer: (ms, fire) => new SystemTimer(ms, fire),
};

class SystemTimer implements TimerHandle {
  readonly #end: number;
  readonly #fire: () => void;
  #timeout: ReturnType<typeof setTimeout>;
  #keepsAlive = false;

  constructor(ms: number, fire: () => void) {
    this.#end = performance.now() + ms;
    this.#fire = fire;
    this.#timeout = this.#start(ms);
  }

  cancel(): void {
    clearTimeout(this.#timeout);
  }

  keepAlive(): void {
    this.#keepsAlive = true;
    this.#timeout.ref?.();
  }

  /** Rounded up, since the platform cuts fractions and would fire early; a longer wait goes in several delays. */
  #start(ms: number): ReturnType<typeof setTimeout> {
    const timeout =
      ms > longestDelay
        ? setTimeout(() => this.#restart(), longestDelay)
        : setTimeout(this.#fire, Math.max(0, Math.ceil(ms)));
    // Only Node has these: a timer of a browser is a number, and keeps nothing alive.
    if (!this.#keepsAlive) timeout.unref?.();
    return timeout;
  }

  #restart(): void {
    this.#timeout = this.#start(this.#end - performance.now());
  }
}
