import type { Deadline } from "../deadline.ts";
import { DeadlineList } from "../deadline-list.ts";
import type { ConnectorError } from "../errors.ts";
import type { Clock, TimerHandle } from "../ports.ts";

/**
 * The calls and refreshes that run, so that `close` can wait for them and end them, and the one timer that ends them
 * at their deadlines. A timer and a set's entry for each call would cost more than all else that it does.
 */
export class Running {
  readonly #clock: Clock;
  /** By how long calls may take: within one list they end in the order in which they began. */
  readonly #lists: Map<number, DeadlineList> = new Map();
  /** Of the last call: most take as long as the one before. Kept while it is empty, as no other list is. */
  #latest: DeadlineList = new DeadlineList();
  #latestMs: number = Number.NaN;
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
    if (deadline.ms !== this.#latestMs) this.#turnTo(deadline.ms);
    this.#latest.add(deadline);
    if (deadline.at < this.#timerAt) this.#arm(deadline.at);
  }

  /** The call is done: its time no longer counts, and whoever waits for idleness is told. */
  remove(deadline: Deadline): void {
    deadline.settle();
    this.#leave(deadline);
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
    for (let next = this.#earliest(); next !== undefined; next = this.#earliest()) {
      this.#leave(next);
      next.end(error);
    }
    this.#disarm();
  }

  #turnTo(ms: number): void {
    if (this.#latest.first === undefined) this.#lists.delete(this.#latestMs);
    this.#latestMs = ms;
    this.#latest = this.#lists.get(ms) ?? new DeadlineList();
    this.#lists.set(ms, this.#latest);
  }

  #leave(deadline: Deadline): void {
    const { list } = deadline;
    if (list === undefined) return;
    list.leave(deadline);
    if (list.first === undefined && list !== this.#latest) this.#lists.delete(deadline.ms);
  }

  #earliest(): Deadline | undefined {
    let earliest: Deadline | undefined;
    for (const { first } of this.#lists.values())
      if (first && !(earliest && earliest.at <= first.at)) earliest = first;
    return earliest;
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
    for (let next = this.#earliest(); next !== undefined; next = this.#earliest()) {
      if (next.at > now) {
        this.#arm(next.at);
        return;
      }
      this.#leave(next);
      next.expire();
    }
  }
}
