import type { DeadlineList } from "./deadline-list.ts";
import { ConnectorError } from "./errors.ts";
import type { Priority } from "./pacing/priority.ts";
import type { Clock } from "./ports.ts";
import type { Signals } from "./signals.ts";

/** Whoever must hear of the end. */
export interface EndListener {
  ended(error: ConnectorError): void;
}

/**
 * The end of one call: its time limit, the caller's signal, or the runtime's close, whichever comes first. The time
 * is kept by `Running`, whose one timer serves all calls; whoever waits asks to be told.
 */
export class Deadline {
  /** clock.now() milliseconds. */
  readonly at: number;
  /** How long the call may take, in milliseconds. */
  readonly ms: number;
  readonly signal: AbortSignal | undefined;
  /** Whose turn it is where calls wait for a limit. */
  readonly priority: Priority | undefined;
  /** Its place among others: written by the list alone. */
  list: DeadlineList | undefined = undefined;
  before: Deadline | undefined = undefined;
  after: Deadline | undefined = undefined;
  readonly #clock: Clock;
  // Nearly always there is one at a time: no set for it, whose tables are most of a call's garbage.
  #listener: EndListener | undefined = undefined;
  #others: Set<EndListener> | undefined = undefined;
  #unlisten: (() => void) | undefined = undefined;
  #ended: ConnectorError | undefined = undefined;

  constructor(
    clock: Clock,
    ms: number,
    abort?: { readonly signal: AbortSignal; readonly signals: Signals },
    priority?: Priority,
  ) {
    this.at = clock.now() + ms;
    this.signal = abort?.signal;
    this.priority = priority;
    this.#clock = clock;
    this.ms = ms;
    if (!abort) return;
    const { signal, signals } = abort;
    const end = (): void =>
      this.end(
        aborted("The call was aborted by its caller. Call again if it is still wanted.", signal.reason),
      );
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
    const first = this.#listener;
    const others = this.#others;
    this.#listener = undefined;
    this.#others = undefined;
    first?.ended(error);
    if (others) for (const listener of [...others]) listener.ended(error);
  }

  /** Its time has come. */
  expire(): void {
    this.end(expired(this.ms));
  }

  /** Frees the signal; for when the call is done. */
  settle(): void {
    this.#unlisten?.();
    this.#unlisten = undefined;
  }

  /** Tells `listener` of the end, at once if it is past. */
  listen(listener: EndListener): void {
    if (this.#ended) listener.ended(this.#ended);
    else if (this.#listener === undefined) this.#listener = listener;
    else {
      this.#others ??= new Set();
      this.#others.add(listener);
    }
  }

  unlisten(listener: EndListener): void {
    if (this.#listener === listener) this.#listener = undefined;
    else this.#others?.delete(listener);
  }

  /** Calls `tell` at the end (at once if it is past); the function given back unsubscribes. */
  onEnd(tell: (error: ConnectorError) => void): () => void {
    const listener = { ended: tell };
    this.listen(listener);
    return () => this.unlisten(listener);
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
