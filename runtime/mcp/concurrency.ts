import { ConnectorError } from "../errors.ts";

/** Lets so many calls run at a time; others wait in their order, up to a number of them. */
export class ConcurrencyLimit {
  readonly #most: number;
  readonly #mostWaiting: number;
  readonly #waiting = new Set<() => void>();
  #running = 0;

  constructor(most: number, mostWaiting: number) {
    this.#most = most;
    this.#mostWaiting = mostWaiting;
  }

  async run<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    await this.#enter(signal);
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  #enter(signal: AbortSignal): Promise<void> | undefined {
    if (signal.aborted) throw cancelled();
    if (this.#running < this.#most) {
      this.#running += 1;
      return undefined;
    }
    if (this.#waiting.size >= this.#mostWaiting) throw busy(this.#waiting.size);
    return new Promise((resolve, reject) => {
      const leaveQueue = (): void => {
        this.#waiting.delete(enter);
        reject(cancelled());
      };
      const enter = (): void => {
        signal.removeEventListener("abort", leaveQueue);
        resolve();
      };
      this.#waiting.add(enter);
      signal.addEventListener("abort", leaveQueue, { once: true });
    });
  }

  /** The place passes on to who has waited longest. */
  #leave(): void {
    const [next] = this.#waiting;
    if (!next) {
      this.#running -= 1;
      return;
    }
    this.#waiting.delete(next);
    next();
  }
}

function cancelled(): ConnectorError {
  return new ConnectorError({ code: "aborted", phase: "request", message: "The call was cancelled." });
}

function busy(waiting: number): ConnectorError {
  return new ConnectorError({
    code: "queue_full",
    phase: "pacing",
    retryable: true,
    message: `${waiting} calls wait for this server already. Wait for answers before calling again.`,
  });
}
