import type { CallLane } from "../connection/limits.ts";
import type { Core } from "../core.ts";
import type { ClientOf } from "../credentials/client-certificate.ts";
import type { Credentials } from "../credentials/credentials.ts";
import type { CredentialHolder } from "../credentials/holder.ts";
import type { Deadline } from "../deadline.ts";
import type { JudgeDestination } from "../destinations.ts";
import type { ExchangePlan, Overrides } from "../request/plan.ts";
import type { ReceivedAnswer } from "../request/received-answer.ts";
import type { Scope } from "../request/scope.ts";
import type { Received } from "../request/send.ts";
import type { CallTrace } from "../telemetry/call-trace.ts";
import type { SlaMeter } from "../telemetry/sla.ts";
import type { AnswerRules } from "./verdict.ts";

/** One exchange to carry out: an operation, a page of it, a chain step, a token call or a check. */
export interface Job {
  readonly core: Core;
  readonly plan: ExchangePlan;
  readonly rules: AnswerRules;
  readonly deadline: Deadline;
  readonly tenant: string;
  readonly credentials: CredentialHolder;
  readonly overrides: Overrides;
  readonly cost: number;
  /** Safe to send again: by its method, or under an idempotency key. */
  readonly repeatable: boolean;
  /** `aheadMs`: how far the server's clock is ahead of ours. */
  scope(credentials: Credentials, aheadMs?: number): Scope;
  lane(credentials: Credentials): CallLane | undefined;
  readonly client: ClientOf;
  /** Measures what the connector promises; only for operations. */
  readonly sla?: SlaMeter | undefined;
  /** The answer is about time, a token's end say: the server's clock is learned from it. */
  readonly readsClock?: boolean;
  /** Asked right before the request goes, for what must still hold after a wait. */
  readonly beforeSend?: () => Promise<void>;
  /** Reads an answer that wraps what it says, as JSON-RPC does. */
  readonly answer?: (received: Received) => ReceivedAnswer;
  /** What to send in place of this request where the answer says that the server knows its session no more; else undefined. */
  readonly resumed?: ((answer: ReceivedAnswer) => Promise<Overrides> | undefined) | undefined;
  /** What the next attempt sends where it must not be what the last one did. */
  readonly again?: (overrides: Overrides) => Overrides;
  /** A request went and its answer will not come: it was given up, or its connection broke. */
  readonly unanswered?: () => void;
  /** Throws where the request must not go. */
  readonly judgeDestination: JudgeDestination;
}

/** What an exchange has behind it. */
export interface Course {
  attempts: number;
  hops: number;
  /** Challenges that were met. */
  challenges: number;
  renewed: boolean;
  /** Sent again by the server's clock. */
  retimed: boolean;
  /** Sent again under a new session. */
  resumed: boolean;
  /** Of the last attempt: how far the server's clock was held to be ahead, and when it went by clock.now(). */
  aheadMs: number;
  sentAt: number;
  overrides: Overrides;
  /** Of the last attempt. */
  scope: Scope | undefined;
  /** Undefined where nobody listens. */
  readonly trace: CallTrace | undefined;
}
