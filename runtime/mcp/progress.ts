import type { Clock } from "../ports.ts";

/** Tells the client how a call goes on; `progress` only grows. */
export type TellProgress = (progress: number, message: string, total?: number) => void;

/** Sends one `notifications/progress`. */
export type SendProgress = (params: {
  readonly progress: number;
  readonly total?: number;
  readonly message: string;
}) => Promise<void>;

/**
 * Follows one call. A client that hears nothing gives up, so while nothing else is told, a word goes out every `everyMs`: the
 * call waits for a limit, for its turn, or for the API.
 */
export class ProgressReporter {
  readonly #send: SendProgress | undefined;
  readonly #clock: Clock;
  readonly #everyMs: number;
  readonly #began: number;
  #timer: { cancel(): void } | undefined;
  #last = 0;

  /** Without `send` nobody asked to hear. */
  constructor(send: SendProgress | undefined, clock: Clock, everyMs: number) {
    this.#send = send;
    this.#clock = clock;
    this.#everyMs = everyMs;
    this.#began = clock.now();
    if (send) this.#wait();
  }

  readonly tell: TellProgress = (progress, message, total) => {
    if (!this.#send) return;
    // The protocol wants each to be more than the one before.
    this.#last = progress > this.#last ? progress : this.#last + 0.001;
    // A client that is gone hears nothing more: its call is being cancelled.
    this.#send({ progress: this.#last, message, ...(total === undefined ? {} : { total }) }).catch(() => {});
    this.#wait();
  };

  end(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #wait(): void {
    this.#timer?.cancel();
    this.#timer = this.#clock.timer(this.#everyMs, () => {
      const seconds = Math.round((this.#clock.now() - this.#began) / 1000);
      this.tell(this.#last, `waiting for a limit or for the API, ${seconds} s so far`);
    });
  }
}
