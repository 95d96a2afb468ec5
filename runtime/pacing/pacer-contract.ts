/** What the rest of the runtime knows of pacing. */
import type { LimitObject, Said } from "../ports.ts";
import type { Priority } from "./priority.ts";

/** The canonical object of a tenant's distinct set of limits. */
export interface Lane {
  readonly tenant: string;
  readonly limits: readonly LimitObject[];
}

/** The leave to start one request. Exactly one of `release()` alone or `refund()` alone ends it. */
export interface Grant {
  readonly waitedMs: number;
  /** Admitted, but no byte was sent: the place goes back, and to the next who waits. */
  refund(): void;
  /** The exchange ended. */
  release(): void;
}

export interface PaceRequest {
  readonly cost: number;
  /** In the clock's time. */
  readonly deadline: number;
  readonly signal?: AbortSignal | undefined;
  /** `normal` unless said otherwise. */
  readonly priority?: Priority | undefined;
}

export interface Pacer {
  /** `tenant`: whose calls they are; limits of all tenants have another owner. */
  lane(limits: readonly LimitObject[], tenant: string): Lane;
  /**
   * Synchronous where there is room. Throws or rejects with a `ConnectorError`: `rate_limited` (no start before the
   * deadline; `retryAt` says when), `queue_full`, `aborted`, `state_unavailable`, `configuration`.
   */
  acquire(lane: Lane, request: PaceRequest): Grant | Promise<Grant>;
  /** What a server said of one limit, in the clock's times; told before the grant of that exchange is released. */
  feedback(limit: LimitObject, said: Said): void;
  /** Lanes in which someone waits. */
  inspect(): readonly { readonly id: string; readonly waiting: number }[];
  /** Rejects all who wait, and all who come. */
  close(): void;
}
