import type { Deadline } from "./deadline.ts";
import type { ConnectorError } from "./errors.ts";
import { Heap } from "./pacing/heap.ts";
import type { Clock, TimerHandle } from "./ports.ts";

/**
 * The calls and refreshes that run, so that `close` can wait for them and end them, and the one timer that ends them
 * at their deadlines. A timer and a set's entry for each call would cost more than all else that it does.
 */
export class Running {
  readonly #clock: Clock;
  readonly #byTime = new Heap<Deadline>((a, b) => a.at < b.at);
  #size = 0;
  #idle: (() => void)[] = [];
  #timer: TimerHandle | undefined = undefined;
  #timerAt: number = Number.POSITIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#size;
  }

  add(deadline: Deadline): void {
    this.#size++;
    this.#byTime.push(deadline);
    if (deadline.at < this.#timerAt) this.#arm(deadline.at);
  }

  /** The call is done: its time no longer counts, and whoever waits for idleness is told. */
  remove(deadline: Deadline): void {
    deadline.settle();
    if (this.#byTime.has(deadline)) this.#byTime.remove(deadline);
    this.#size--;
    if (this.#size > 0) return;
    this.#disarm();
    if (this.#idle.length > 0) for (const tell of this.#idle.splice(0)) tell();
  }

  /** Calls `tell` when nothing runs any more; at once where nothing does. */
  whenIdle(tell: () => void): void {
    if (this.#size === 0) tell();
    else this.#idle.push(tell);
  }

  /** Ends all that runs. */
  end(error: ConnectorError): void {
    for (let next = this.#byTime.pop(); next !== undefined; next = this.#byTime.pop()) next.end(error);
    this.#disarm();
  }

  #arm(at: number): void {
    this.#timer?.cancel();
    // A stream may have no end of its own.
    if (at === Number.POSITIVE_INFINITY) return;
    this.#timerAt = at;
    this.#timer = this.#clock.timer(Math.max(0, at - this.#clock.now()), () => this.#tick());
    // Someone waits for these calls: the process must not end under them.
    this.#timer.keepAlive?.();
  }

  #disarm(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#timerAt = Number.POSITIVE_INFINITY;
  }

  /** Ends what is due. The call that the timer was set for may be long done: then it is set anew. */
  #tick(): void {
    this.#disarm();
    const now = this.#clock.now();
    for (let next = this.#byTime.peek(); next !== undefined; next = this.#byTime.peek()) {
      if (next.at > now) {
        this.#arm(next.at);
        return;
      }
      this.#byTime.pop();
      next.expire();
    }
  }
}
