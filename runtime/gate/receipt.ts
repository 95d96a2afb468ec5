import type { Awaitable } from "../ports.ts";
import type { PolicyAction } from "./policy.ts";

/**
 * What became of a call at the gate:
 * `allowed` and `confirmed` are made; `denied` (by the policy), `declined` (by a person), `unable` (nobody can be asked),
 * `unanswered` (asked; this request ends without an answer), `refused` (its keys do not fit) are not; `repeated` gets the answer
 * of the call that it repeats.
 */
export type GateDecision =
  | "allowed"
  | "confirmed"
  | "denied"
  | "declined"
  | "unable"
  | "unanswered"
  | "refused"
  | "repeated";

/** One line of the record. No argument, answer or message is in it; hashes are keyed, so that nothing can be guessed from them. */
export interface Receipt {
  readonly event: "decision" | "outcome";
  /** The same for the decision and the outcome of a call. */
  readonly id: string;
  /** RFC 3339, UTC. */
  readonly at: string;
  readonly tenant: string;
  readonly client?: string;
  readonly connector: string;
  readonly operation: string;
  readonly tool: string;
  readonly action: PolicyAction;
  readonly decision: GateDecision;
  /** Of the rule that decided, from 0 on; absent for the default. */
  readonly rule?: number;
  /** Of the arguments; absent where they cannot be compared. */
  readonly arguments?: string;
  /** Of the entity key. */
  readonly entity?: string;
  /** Of the idempotency key that was given or derived. */
  readonly key?: string;
  /** `unknown`: it failed, and may have been carried out all the same. */
  readonly outcome?: "done" | "failed" | "unknown";
  /** Of the error. */
  readonly code?: string;
  /** From the decision to the end. */
  readonly ms?: number;
}

/** Keeps receipts. Where it fails for a decision, the call is not made. */
export type ReceiptSink = (receipt: Receipt) => Awaitable<void>;

/** A receipt as a line of JSON. */
export function receiptLine(receipt: Receipt): string {
  return `${JSON.stringify(receipt)}\n`;
}
