/**
 * What a call does at a time: `credentials` are waited for; `wait` for a connection and for limits; an `attempt` is
 * under way; `backoff` before the next one; `decode` of the answer.
 */
export type Stage = "credentials" | "wait" | "attempt" | "backoff" | "decode";

/** Milliseconds in each stage; what is left of the call's time is the runtime's own. */
export type StageTimes = { readonly [S in Stage]: number };

/** Follows one call through its stages: each ends where the next begins. */
export class StageClock {
  readonly #times: { [S in Stage]: number } = { credentials: 0, wait: 0, attempt: 0, backoff: 0, decode: 0 };
  #stage: Stage | undefined = undefined;
  #since = 0;

  get times(): StageTimes {
    return this.#times;
  }

  /** Ends the stage that runs; answers it with its start. */
  leave(now: number): { readonly stage: Stage; readonly since: number } | undefined {
    const stage = this.#stage;
    if (stage === undefined) return undefined;
    this.#times[stage] += Math.max(0, now - this.#since);
    this.#stage = undefined;
    return { stage, since: this.#since };
  }

  enter(stage: Stage, now: number): void {
    this.#stage = stage;
    this.#since = now;
  }
}
