import { ConnectorError } from "../errors.ts";
import type { Awaitable, Clock, Lease, State, StateReport } from "../ports.ts";
import { isPromise } from "../settled.ts";

/** How long a store may take for one answer where the call goes on without it. */
const helpMs = 1_000;
/** And where nothing goes on without it: a file may lie on a busy disk. */
const neededMs = 2_000;

/** The part of a state that keeps credentials. */
export type SecretState = Pick<State, "getSecret" | "compareAndSet" | "lease" | "subscribe">;

/** A state whose every answer comes in time, or is `state_unavailable`: a store that hangs does not hang its callers. */
export function boundedState(state: SecretState, clock: Clock): SecretState {
  const ask = <T>(question: () => Awaitable<T>): Promise<T> => askInTime(clock, question);
  const bounded = (lease: Lease): Lease => ({
    renew: (ttlMs) => ask(() => lease.renew(ttlMs)),
    owned: () => ask(() => lease.owned()),
    release: () => ask(() => lease.release()),
  });
  return {
    getSecret: (key) => ask(() => state.getSecret(key)),
    compareAndSet: (key, fence, value, ttlMs) => ask(() => state.compareAndSet(key, fence, value, ttlMs)),
    lease: async (key, ttlMs) => {
      const lease = await ask(() => state.lease(key, ttlMs));
      return lease && bounded(lease);
    },
    subscribe: (key, changed) => state.subscribe(key, changed),
  };
}

/** Rejects where the answer fails or takes longer than a store may. */
export function inTime<T>(clock: Clock, answer: Promise<T>, limitMs: number = helpMs): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = clock.timer(limitMs, () => reject(new Error(`no answer within ${limitMs} ms`)));
    answer.then(resolve, reject).finally(() => timer.cancel());
  });
}

/** What a state tells of itself: at once where it can, else in time or `state_unavailable`. */
export function reportInTime(state: Pick<State, "inspect">, clock: Clock): Awaitable<StateReport> {
  const report = state.inspect();
  return isPromise(report) ? askInTime(clock, () => report) : report;
}

async function askInTime<T>(clock: Clock, question: () => Awaitable<T>): Promise<T> {
  try {
    const answer = question();
    return isPromise(answer) ? await inTime(clock, answer, neededMs) : answer;
  } catch {
    // What a store throws may quote its address and password: it is neither shown nor kept as a cause.
    throw stateUnavailable("The state store does not answer. Try again.");
  }
}

/** `state_unavailable`: worth another try. */
export function stateUnavailable(message: string): ConnectorError {
  return new ConnectorError({ code: "state_unavailable", phase: "credentials", retryable: true, message });
}
