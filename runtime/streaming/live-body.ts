import { transportFailure } from "../call/transport-failure.ts";
import type { Deadline, EndListener } from "../deadline.ts";
import { ConnectorError } from "../errors.ts";
import type { Clock, IncomingBody, TimerHandle, TransportError } from "../ports.ts";

/** Bytes that wait for the reader before the server is made to wait, and below which it goes on. */
const highWater = 256 * 1024;
const lowWater = 64 * 1024;

/** What a body that is read while it comes is bound to. */
export interface LiveSettings {
  readonly clock: Clock;
  /** The end of the whole stream. */
  readonly deadline: Deadline;
  /** The longest wait of a reader for the next piece, milliseconds. */
  readonly idleMs: number;
  readonly origin: string;
}

type Waiting = {
  readonly resolve: (chunk: Uint8Array | undefined) => void;
  readonly reject: (thrown: unknown) => void;
};

/** The body of an answer, handed to one reader piece by piece. A slow reader slows the server. */
export class LiveBody implements EndListener {
  readonly framing: IncomingBody["framing"];
  readonly #body: IncomingBody;
  readonly #abort: () => void;
  readonly #settings: LiveSettings;
  readonly #chunks: Uint8Array[] = [];
  #queued = 0;
  #paused = false;
  /** The wire is done with it. */
  #over = false;
  #drained = false;
  #whenOver: (() => void)[] = [];
  #error: unknown = undefined;
  #waiting: Waiting | undefined = undefined;
  #timer: TimerHandle | undefined = undefined;

  constructor(body: IncomingBody, abort: () => void, settings: LiveSettings) {
    this.framing = body.framing;
    this.#body = body;
    this.#abort = abort;
    this.#settings = settings;
    settings.deadline.listen(this);
  }

  /** Calls `tell` once the wire is done with the body: at its end, a failure, or when it is cancelled. */
  whenOver(tell: () => void): void {
    if (this.#over) tell();
    else this.#whenOver.push(tell);
  }

  /** All of it has come, and its reader has met the end. */
  get drained(): boolean {
    return this.#drained;
  }

  /** The next piece; undefined at the end. Rejects with a `ConnectorError` where the body breaks off. */
  next(): Promise<Uint8Array | undefined> {
    const chunk = this.#chunks.shift();
    if (chunk) {
      this.#queued -= chunk.length;
      if (this.#paused && this.#queued <= lowWater) {
        this.#paused = false;
        this.#body.resume();
      }
      return Promise.resolve(chunk);
    }
    if (this.#error !== undefined) return Promise.reject(this.#error);
    if (this.#over) {
      this.#drained = true;
      return Promise.resolve(undefined);
    }
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#timer = this.#settings.clock.timer(this.#settings.idleMs, () => this.#stop(this.#idle()));
    });
  }

  /** Nobody reads on: the exchange ends, and its connection with it if there is more to come. */
  cancel(): void {
    this.#stop(undefined);
    this.#chunks.length = 0;
  }

  // --- told by the transport ---

  data(chunk: Uint8Array): void {
    if (this.#over) return;
    const waiting = this.#taken();
    if (waiting) {
      waiting.resolve(chunk);
      return;
    }
    this.#chunks.push(chunk);
    this.#queued += chunk.length;
    if (this.#paused || this.#queued < highWater) return;
    this.#paused = true;
    this.#body.pause();
  }

  end(): void {
    this.#drained = this.#waiting !== undefined;
    this.#finish(undefined);
  }

  fail(error: TransportError): void {
    this.#finish(failureOf(error, this.#settings.origin));
  }

  // --- told by the deadline ---

  ended(error: ConnectorError): void {
    this.#stop(error);
  }

  #stop(error: ConnectorError | undefined): void {
    if (this.#over) return;
    this.#abort();
    this.#finish(error);
  }

  #finish(error: ConnectorError | undefined): void {
    if (this.#over) return;
    this.#over = true;
    this.#error = error;
    this.#settings.deadline.unlisten(this);
    const waiting = this.#taken();
    if (error === undefined) waiting?.resolve(undefined);
    else waiting?.reject(error);
    for (const tell of this.#whenOver.splice(0)) tell();
  }

  #taken(): Waiting | undefined {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    this.#timer?.cancel();
    return waiting;
  }

  #idle(): ConnectorError {
    return new ConnectorError({
      code: "deadline_exceeded",
      phase: "response",
      retryable: true,
      message: `Nothing came from the server for ${this.#settings.idleMs} ms in the middle of its answer. Raise \`idleTimeoutMs\` if it may pause for longer.`,
    });
  }
}

function failureOf(error: TransportError, origin: string): ConnectorError {
  if (error.kind !== "too_large") return transportFailure(error, origin);
  return new ConnectorError({
    code: "response_too_large",
    phase: "response",
    message: `${error.message}. Raise \`maxBytes\` of the stream.`,
    details: { reason: error.kind, sent: error.sent },
  });
}
