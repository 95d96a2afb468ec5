/** A state that answers late, not at all, with an error, or forgets: what a store across a network does to a caller. */
import { setImmediate } from "node:timers";
import type { Clock, Lease, State } from "../ports.ts";

/** A method whose answers can be spoilt; `subscribe` and `close` always work. */
export type StateMethod =
  | Exclude<keyof State, "subscribe" | "close" | "earliest">
  | "lease.renew"
  | "lease.owned"
  | "lease.release";

/** What happens to one call of a method. */
export type StateBehaviour =
  /** Answers after a turn of the event loop, or after `delayMs` on the clock. */
  | { readonly kind: "answer"; readonly delayMs?: number }
  /** Never reached the store: rejects. */
  | { readonly kind: "reject"; readonly error?: unknown }
  /** The store did it, but the answer was lost: rejects. */
  | { readonly kind: "answer_lost"; readonly error?: unknown }
  /** Never reached the store and never settles. */
  | { readonly kind: "hang" };

export interface StateScript {
  readonly clock: Clock;
  /** Judges each call; `count` is how often the method was called before. Answers after a turn where it says nothing. */
  readonly behave?: (method: StateMethod, count: number) => StateBehaviour | undefined;
}

export interface FailingState extends State {
  /** How often each method was called. */
  calls(method: StateMethod): number;
  /** Goes on with another state, as after a flush or a failover: what was stored is lost. */
  replace(inner: State): void;
}

/** Wraps a state so that every answer is a promise, spoilt as the script says. */
export function createFailingState(first: State, script: StateScript): FailingState {
  let inner = first;
  const counts = new Map<StateMethod, number>();

  const run = async <T>(method: StateMethod, work: () => T | Promise<T>): Promise<T> => {
    const count = counts.get(method) ?? 0;
    counts.set(method, count + 1);
    const behaviour = script.behave?.(method, count) ?? { kind: "answer" };
    if (behaviour.kind === "hang") return new Promise<never>(() => undefined);
    await turn(script.clock, behaviour.kind === "answer" ? behaviour.delayMs : undefined);
    if (behaviour.kind === "reject") throw behaviour.error ?? new Error("The store is gone.");
    const answer = await work();
    if (behaviour.kind === "answer_lost")
      throw behaviour.error ?? new Error("The connection to the store broke.");
    return answer;
  };

  const wrapLease = (lease: Lease): Lease => ({
    renew: (ttlMs) => run("lease.renew", () => lease.renew(ttlMs)),
    owned: () => run("lease.owned", () => lease.owned()),
    release: () => run("lease.release", () => lease.release()),
  });

  return {
    admit: (limits, cost, demand) => run("admit", () => inner.admit(limits, cost, demand)),
    refund: (limits, cost, at) => run("refund", () => inner.refund(limits, cost, at)),
    release: (limits) => run("release", () => inner.release(limits)),
    feedback: (limit, said) => run("feedback", () => inner.feedback(limit, said)),
    getSecret: (key) => run("getSecret", () => inner.getSecret(key)),
    compareAndSet: (key, fence, value, ttlMs) =>
      run("compareAndSet", () => inner.compareAndSet(key, fence, value, ttlMs)),
    lease: (key, ttlMs) =>
      run("lease", async () => {
        const lease = await inner.lease(key, ttlMs);
        return lease === undefined ? undefined : wrapLease(lease);
      }),
    subscribe: (key, changed) => inner.subscribe(key, changed),
    inspect: () => run("inspect", () => inner.inspect()),
    close: () => inner.close(),
    calls: (method) => counts.get(method) ?? 0,
    replace: (next) => {
      inner = next;
    },
  };
}

function turn(clock: Clock, delayMs: number | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (delayMs === undefined) setImmediate(resolve);
    else clock.timer(delayMs, resolve);
  });
}
