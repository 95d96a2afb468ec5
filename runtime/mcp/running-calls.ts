import { ConnectorError } from "../errors.ts";
import type { Clock } from "../ports.ts";

const graceMs = 10_000;

/** The calls of a server that run, so that it can stop in good order. */
export class RunningCalls {
  readonly #clock: Clock;
  readonly #running = new Map<Promise<unknown>, AbortController>();
  #closing: Promise<void> | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Runs `work` under a signal that ends with the request or with the server, whichever is first. */
  async run<T>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (this.#closing)
      throw new ConnectorError({
        code: "aborted",
        phase: "request",
        message: "The server is being stopped.",
      });
    // Not `AbortSignal.any`: what it makes lives as long as the longest of its signals in some versions of Node.
    const controller = new AbortController();
    const abort = (): void => controller.abort(signal.reason);
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
    const call = work(controller.signal);
    this.#running.set(call, controller);
    try {
      return await call;
    } finally {
      this.#running.delete(call);
      signal.removeEventListener("abort", abort);
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const timer = this.#clock.timer(graceMs, () => {
      for (const controller of this.#running.values()) controller.abort();
    });
    timer.keepAlive?.();
    // Those that fail have told it to their callers.
    await Promise.allSettled(this.#running.keys());
    timer.cancel();
  }
}
