import { ConnectorError } from "./errors.ts";
import type { Clock, TimerHandle } from "./ports.ts";
import type { Signals } from "./signals.ts";

/**
 * The end of one call: its time limit, the caller's signal, or the runtime's close, whichever comes first. One
 * timer a call; whoever waits asks to be told.
 */
export class Deadline {
  /** clock.now() milliseconds. */
  readonly at: number;
  readonly signal: AbortSignal | undefined;
  readonly #clock: Clock;
  readonly #timer: TimerHandle;
  readonly #waiting: Set<(error: ConnectorError) => void> = new Set();
  #unlisten: (() => void) | undefined;
  #ended: ConnectorError | undefined;

  constructor(clock: Clock, ms: number, abort?: { readonly signal: AbortSignal; readonly signals: Signals }) {
    this.at = clock.now() + ms;
    this.signal = abort?.signal;
    this.#clock = clock;
    this.#timer = clock.timer(ms, () => this.end(expired(ms)));
    // Someone waits for this call: the process must not end under it.
    this.#timer.keepAlive?.();
    if (!abort) return;
    const { signal, signals } = abort;
    const end = (): void => this.end(aborted("The call was aborted by its caller.", signal.reason));
    if (signal.aborted) end();
    else this.#unlisten = signals.onAbort(signal, end);
  }

  /** Why the call is over, if it is. */
  get ended(): ConnectorError | undefined {
    return this.#ended;
  }

  /** Milliseconds that are left. */
  remaining(): number {
    return this.at - this.#clock.now();
  }

  /** Ends the call for everyone who waits on it. */
  end(error: ConnectorError): void {
    if (this.#ended) return;
    this.#ended = error;
    this.settle();
    for (const tell of [...this.#waiting]) tell(error);
    this.#waiting.clear();
  }

  /** Frees timer and listener; for when the call is done. */
  settle(): void {
    this.#timer.cancel();
    this.#unlisten?.();
  }

  /** Calls `tell` at the end (at once if it is past); the function given back unsubscribes. */
  onEnd(tell: (error: ConnectorError) => void): () => void {
    if (this.#ended) {
      tell(this.#ended);
      return () => {};
    }
    this.#waiting.add(tell);
    return () => this.#waiting.delete(tell);
  }

  /** The promise's answer, or the end's error if that comes first. The promise itself runs on. */
  race<T>(promise: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const off = this.onEnd(reject);
      promise.then(
        (value) => {
          off();
          resolve(value);
        },
        (thrown) => {
          off();
          reject(thrown);
        },
      );
    });
  }

  /** Waits; rejects at the end. */
  sleep(ms: number): Promise<void> {
    return new Promise((resolve, reject) => {
      let off = (): void => {};
      const timer = this.#clock.timer(ms, () => {
        off();
        resolve();
      });
      off = this.onEnd((error) => {
        timer.cancel();
        reject(error);
      });
    });
  }
}

function expired(ms: number): ConnectorError {
  return new ConnectorError({
    code: "deadline_exceeded",
    phase: "request",
    retryable: true,
    message: `The call did not finish within ${Math.round(ms)} ms. Raise \`timeoutMs\`, or see whether the server is slow or the limit too low.`,
  });
}

/** The error of a call that was stopped from outside. */
export function aborted(message: string, cause?: unknown): ConnectorError {
  return new ConnectorError({
    code: "aborted",
    phase: "request",
    message,
    ...(cause === undefined ? {} : { cause }),
  });
}
