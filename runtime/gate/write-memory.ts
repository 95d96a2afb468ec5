import { ConnectorError } from "../errors.ts";
import type { Clock } from "../ports.ts";
import { leavesOpen } from "./uncertain.ts";

/** A call that changes something, remembered so that it is done once. */
export interface RememberedWrite {
  /** Of the arguments; calls under one key must have the same. */
  readonly argumentsHash: string;
  /** The idempotency key that the API is given, the same for every try. */
  readonly apiKey: string;
  /** The answer, or how it failed; undefined where it may be tried again, under the same key. */
  readonly result: Promise<unknown> | undefined;
}

interface Entry extends RememberedWrite {
  result: Promise<unknown> | undefined;
  /** Infinity while it runs: what runs is forgotten by nobody. */
  expires: number;
}

/**
 * What was written of late, so that a repeat is answered and not done again. What failed and did nothing is forgotten. What
 * failed and may have been done is not done again, unless the API itself guards against a repeat under the key of the first try.
 */
export class WriteMemory {
  readonly #entries = new Map<string, Entry>();
  readonly #clock: Clock;
  readonly #most: number;

  constructor(clock: Clock, most: number) {
    this.#clock = clock;
    this.#most = most;
  }

  find(key: string): RememberedWrite | undefined {
    const entry = this.#entries.get(key);
    return entry && entry.expires > this.#clock.now() ? entry : undefined;
  }

  /** Runs `work` and remembers it for `lifeMs` from its end. Throws `queue_full` where too much is remembered already. */
  add<T>(
    key: string,
    write: { readonly argumentsHash: string; readonly apiKey: string; readonly takesKey: boolean },
    lifeMs: number,
    work: () => Promise<T>,
  ): Promise<T> {
    if (!this.#entries.has(key)) this.#makeRoom();
    const { argumentsHash, apiKey, takesKey } = write;
    const result = work();
    const entry: Entry = { argumentsHash, apiKey, result, expires: Number.POSITIVE_INFINITY };
    this.#entries.set(key, entry);
    const end = (): void => {
      entry.expires = this.#clock.now() + lifeMs;
    };
    result.then(end, (error: unknown) => {
      if (!leavesOpen(error)) {
        this.#entries.delete(key);
        return;
      }
      if (takesKey) entry.result = undefined;
      end();
    });
    return result;
  }

  /** Nothing that still counts is pushed out: a repeat of it would be done twice, and nobody would know. */
  #makeRoom(): void {
    if (this.#entries.size < this.#most) return;
    const now = this.#clock.now();
    for (const [key, { expires }] of this.#entries) if (expires <= now) this.#entries.delete(key);
    if (this.#entries.size < this.#most) return;
    throw new ConnectorError({
      code: "queue_full",
      phase: "request",
      retryable: true,
      message: `The gate remembers ${this.#most} calls and has room for no more. Try again later, or shorten \`dedup_seconds\`.`,
    });
  }
}
