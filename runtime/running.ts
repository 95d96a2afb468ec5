import type { Deadline } from "./deadline.ts";
import type { ConnectorError } from "./errors.ts";

/** The calls and refreshes that run, so that `close` can wait for them and end them. */
export class Running {
  readonly #deadlines: Set<Deadline> = new Set();
  #idle: (() => void)[] = [];

  get size(): number {
    return this.#deadlines.size;
  }

  add(deadline: Deadline): void {
    this.#deadlines.add(deadline);
  }

  /** The call is done: its timer goes, and whoever waits for idleness is told. */
  remove(deadline: Deadline): void {
    deadline.settle();
    this.#deadlines.delete(deadline);
    if (this.#deadlines.size > 0) return;
    for (const tell of this.#idle.splice(0)) tell();
  }

  /** Calls `tell` when nothing runs any more; at once where nothing does. */
  whenIdle(tell: () => void): void {
    if (this.#deadlines.size === 0) tell();
    else this.#idle.push(tell);
  }

  /** Ends all that runs. */
  end(error: ConnectorError): void {
    for (const deadline of [...this.#deadlines]) deadline.end(error);
  }
}
