/**
 * What calls share, and what `connectorc/redis` shares between processes: limits, credentials, leases. The whole
 * interface between the runtime and a store; `docs/state.md` is the same for authors of stores, `stateContract` of
 * `connectorc/testing` puts it to the test. Methods answer at once where they can: a call awaits only promises. Times
 * are milliseconds of the runtime's monotonic clock unless it says otherwise.
 */

import type { Clock } from "../ports.ts";

export type Awaitable<T> = T | Promise<T>;

export interface State {
  /**
   * Peeks at all limits, then takes `cost` from all or from none. `demand` is given for one who waited, and for one
   * who comes while others wait: a store that many processes share may go by it, others leave it out.
   */
  admit(limits: readonly LimitObject[], cost: number, demand?: Demand): Awaitable<Admission>;
  /** Undoes an admission whose request was never sent, its part in `maxConcurrent` too. Without `at`, so that nobody starts too early. */
  refund(limits: readonly LimitObject[], cost: number, at?: number): Awaitable<void>;
  /** When the last of so many units could start at the earliest, were all asked for now. Optional: a state that does not know leaves it out. */
  earliest?(limits: readonly LimitObject[], units: number): Awaitable<number>;
  /**
   * Optional: a copy of these limits on another clock, on which is played what is to come; nothing of it is kept. With it a
   * refusal tells exactly when there is room, however much those who wait may cost.
   */
  trial?(limits: readonly LimitObject[], clock: Pick<Clock, "now">): LimitTrial;
  /** Ends a call's part in `maxConcurrent`. */
  release(limits: readonly LimitObject[]): Awaitable<void>;
  /** Told before the `release` of the call that brought the answer, which `remaining` has counted already. */
  feedback(limit: LimitObject, said: Said): Awaitable<void>;
  getSecret(key: StateKey): Awaitable<StoredSecret | undefined>;
  /** Writes where the stored fence still is `fence` (0: nothing stored); answers the new fence or undefined. */
  compareAndSet(
    key: StateKey,
    fence: number,
    value: Uint8Array | undefined,
    ttlMs: number | undefined,
  ): Awaitable<number | undefined>;
  /** An owned lease; undefined where another owner holds it. */
  lease(key: StateKey, ttlMs: number): Awaitable<Lease | undefined>;
  /** Tells when a secret was written or its lease ended; the function unsubscribes. */
  subscribe(key: StateKey, changed: () => void): () => void;
  inspect(): Awaitable<StateReport>;
  close(): Awaitable<void>;
}

/** The identity parts that keys are made of; the tenant is part of every key, by type. */
export interface StateKey {
  /** `*` for a limit that all tenants share. */
  readonly tenant: string;
  /** `limit`, `secret`, `lease`: what is kept. */
  readonly kind: "limit" | "secret" | "lease";
  /** An opaque keyed hash; holds no credential. */
  readonly id: string;
}

/** One limit as the pacing sees it: resolved at `connect()`. Two objects of the same key are the same limit. */
export interface LimitObject {
  readonly key: StateKey;
  /** Units in the interval, and the long-run rate. */
  readonly limit: number;
  readonly intervalMs: number;
  readonly burst: number;
  readonly smooth: boolean;
  readonly maxConcurrent?: number;
  /** What the limits of one connector have in common, so that a store of several nodes keeps them on one. */
  readonly group?: string;
  /** When a store that processes share is gone: each process's share of the limit (the default), or nothing. */
  readonly onStateLoss?: "share" | "closed";
  /** The state's own: what it keeps under `key`, so that a call looks nothing up. Nobody else reads or writes it. */
  memo?: unknown;
}

/** A copy of some limits. Calls that run are none of it: when they end is not known. */
export interface LimitTrial {
  /** As the state's own. */
  admit(limits: readonly LimitObject[], cost: number): Admission;
  /** When all of these have room for `cost`, on its clock; nothing is taken and nobody counts as refused. */
  roomAt(limits: readonly LimitObject[], cost: number): number;
}

export type Admission =
  /** `at`: the state's time of the start; a refund that names it gives back exactly this start. */
  | { readonly admitted: true; readonly at?: number }
  /** `at`: the clock's time at which it is worth asking again; Infinity where only the end of a running call helps. */
  | { readonly admitted: false; readonly at: number; readonly blockedBy: LimitObject };

/** Who waits in this process for the same limits as the one who is asked for. */
export interface Demand {
  /** Units of all who wait, of the one who is asked for as well. */
  readonly units: number;
  /** How long that one has waited. */
  readonly waitedMs: number;
  /** Whose turn it is: on a limit of all tenants they start in turn. */
  readonly tenant: string;
}

/** What a server said of one limit. It only ever lowers what the rule allows. */
export interface Said {
  /** Nothing starts before; capped at an hour. Starts come back over a tenth of the interval. */
  readonly holdUntil?: number;
  /** So many units are left until `resetAt`, or for one interval where that is not said. */
  readonly remaining?: number;
  readonly resetAt?: number;
}

export interface StoredSecret {
  /** Sealed by the runtime's key: a store never sees what is inside. */
  readonly value: Uint8Array;
  /** Grows with every write; a compare-and-set names the one it has read. */
  readonly fence: number;
}

export interface Lease {
  /** False once it is no longer owned. */
  renew(ttlMs: number): Awaitable<boolean>;
  owned(): Awaitable<boolean>;
  release(): Awaitable<void>;
}

export interface StateReport {
  readonly limits: readonly {
    readonly id: string;
    readonly used: number;
    readonly capacity: number;
    readonly running: number;
    readonly heldUntil?: number;
  }[];
  readonly secrets: number;
}
