import { ConnectorError } from "../errors.ts";
import type { Clock } from "../ports.ts";

/** What a token endpoint says when no later try can help (RFC 6749, section 5.2). */
const permanentCodes: ReadonlySet<string> = new Set([
  "invalid_grant",
  "invalid_client",
  "unauthorized_client",
  "unsupported_grant_type",
  "invalid_scope",
  "access_denied",
  // GitHub's word for invalid_grant.
  "bad_refresh_token",
]);

const firstDelayMs = 1000;
const longestDelayMs = 30_000;
/** A server may ask for longer pauses than ours. */
const longestAskedMs = 600_000;
const mostRemembered = 10_000;

interface Failure {
  readonly error: ConnectorError;
  /** clock.now() milliseconds; Infinity for a permanent one. */
  readonly until: number;
  readonly delayMs: number;
}

/**
 * Remembers failed refreshes, so that callers share a back-off and a rejected credential is not tried again. The
 * key holds all inputs: other credentials are another key.
 */
export class StepFailures {
  readonly #clock: Clock;
  readonly #forGood: boolean;
  readonly #failures: Map<string, Failure> = new Map();

  /** `forGood`: permanent refusals hold for as long as the key lives; else who asks keeps them elsewhere. */
  constructor(clock: Clock, forGood = true) {
    this.#clock = clock;
    this.#forGood = forGood;
  }

  /** The failure that still stands, as an error to throw. */
  standing(key: string): ConnectorError | undefined {
    const failure = this.#failures.get(key);
    if (!failure) return undefined;
    const wait = failure.until - this.#clock.now();
    if (wait <= 0) return undefined;
    return Number.isFinite(wait) ? failure.error.with({ retryAt: this.#clock.wall() + wait }) : failure.error;
  }

  /** clock.now() time from which another try is worth making. */
  retryTime(key: string): number {
    return this.#failures.get(key)?.until ?? 0;
  }

  record(key: string, thrown: unknown): void {
    if (!ConnectorError.is(thrown) || thrown.code === "aborted") return;
    const before = this.#failures.get(key);
    const delayMs = before ? Math.min(before.delayMs * 2, longestDelayMs) : firstDelayMs;
    this.#failures.delete(key);
    this.#failures.set(key, {
      error: thrown,
      delayMs,
      until:
        this.#forGood && isPermanent(thrown)
          ? Number.POSITIVE_INFINITY
          : this.#clock.now() + Math.max(delayMs, this.#askedDelay(thrown)),
    });
    if (this.#failures.size > mostRemembered) this.#forgetOldest();
  }

  clear(key: string): void {
    this.#failures.delete(key);
  }

  /** `Retry-After` of a token endpoint, within reason. */
  #askedDelay({ retryAt }: ConnectorError): number {
    return retryAt === undefined ? 0 : Math.min(retryAt - this.#clock.wall(), longestAskedMs);
  }

  #forgetOldest(): void {
    const [oldest] = this.#failures.keys();
    if (oldest !== undefined) this.#failures.delete(oldest);
  }
}

/** True for a refusal that holds until the credential changes. */
export function isPermanent(error: ConnectorError): boolean {
  const { status } = error;
  const code = error.details?.server_code;
  return (
    // Some servers say it with a status of success.
    (status === 200 || status === 400 || status === 401 || status === 403) &&
    typeof code === "string" &&
    permanentCodes.has(code)
  );
}
