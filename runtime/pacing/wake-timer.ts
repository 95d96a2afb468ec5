import type { Clock, TimerHandle } from "../ports.ts";

/** One timer for all who wait: it is set to what comes first, may fire early, and is then set anew. */
export class WakeTimer {
  readonly #clock: Clock;
  readonly #wake: () => void;
  #timer: TimerHandle | undefined;
  #at: number = Number.POSITIVE_INFINITY;

  constructor(clock: Clock, wake: () => void) {
    this.#clock = clock;
    this.#wake = wake;
  }

  /** Wakes at `next`, in the clock's time, or before; Infinity: not at all. */
  set(next: number): void {
    if (next === Number.POSITIVE_INFINITY) {
      this.#cancel();
      return;
    }
    if (this.#at <= next) return;
    this.#cancel();
    this.#at = next;
    this.#timer = this.#clock.timer(Math.max(0, next - this.#clock.now()), () => {
      this.#timer = undefined;
      this.#at = Number.POSITIVE_INFINITY;
      this.#wake();
    });
    this.#timer.keepAlive?.();
  }

  #cancel(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#at = Number.POSITIVE_INFINITY;
  }
}
