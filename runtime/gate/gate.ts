import type { Parameters } from "../connection/connection.ts";

/** Who wants the call. */
export interface GateCaller {
  readonly tenant: string;
  readonly clientId?: string;
}

/** A call that changes something, before it is made. */
export interface GateRequest {
  readonly connector: string;
  readonly operation: string;
  /** What the caller knows the operation by: the name of an MCP tool, else the operation's own. */
  readonly tool: string;
  readonly tags: readonly string[];
  readonly destructive: boolean;
  readonly idempotent: boolean;
  /** The API itself takes an idempotency key: under one key it does the work once, however often it is asked. */
  readonly takesKey: boolean;
  readonly caller: GateCaller;
  /** By the names of the descriptor; may hold secrets. */
  readonly parameters: Parameters;
  readonly signal: AbortSignal;
  /** Given by the caller: calls under one key are one call. */
  readonly idempotencyKey?: string;
  /**
   * Asks the person behind the caller; absent where nobody can be asked. Rejects where the call was cancelled, and where the
   * answer comes with another request.
   */
  readonly confirm?: () => Promise<boolean>;
}

/** What a gate may say about the call that it lets through. */
export interface GateGrant {
  readonly idempotencyKey?: string;
}

/**
 * What stands before every call that changes something: it decides whether, when and how often `call` runs, and sees how
 * it ends. To refuse, it throws a `ConnectorError` of the code `policy_denied`.
 */
export interface Gate {
  run<T>(request: GateRequest, call: (grant: GateGrant) => Promise<T>): Promise<T>;
}

/** Lets everything through. */
export const openGate: Gate = {
  run: ({ idempotencyKey }, call) => call(idempotencyKey === undefined ? {} : { idempotencyKey }),
};
