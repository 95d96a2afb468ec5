import type { Parameters, Warning } from "../connection/connection.ts";
import type { Deadline } from "../deadline.ts";
import type { ConnectorError } from "../errors.ts";
import type { CallTrace } from "../telemetry/call-trace.ts";
import type { Ends, Exchanged } from "./call.ts";
import type { OperationPlan } from "./operation-plan.ts";

/** What the end of a call asks of its connection. */
export interface CallOwner {
  warnings(plan: OperationPlan, done: Exchanged): readonly Warning[];
  /** The error in context, without secrets. */
  describe(thrown: unknown, plan: OperationPlan, parameters: Parameters): ConnectorError;
  settled(deadline: Deadline): void;
  /** Follows the call; undefined where nobody listens. */
  trace(plan: OperationPlan): CallTrace | undefined;
}

/** The end of one call of an operation: its result or its error as the caller meets them, and its place given up. */
export class CallEnds<R> implements Ends<R> {
  readonly trace: CallTrace | undefined;
  readonly #owner: CallOwner;
  readonly #plan: OperationPlan;
  readonly #parameters: Parameters;
  readonly #deadline: Deadline;
  readonly #result: (done: Exchanged, warnings: readonly Warning[]) => R;

  constructor(
    owner: CallOwner,
    plan: OperationPlan,
    parameters: Parameters,
    deadline: Deadline,
    result: (done: Exchanged, warnings: readonly Warning[]) => R,
  ) {
    this.#owner = owner;
    this.#plan = plan;
    this.#parameters = parameters;
    this.#deadline = deadline;
    this.#result = result;
    this.trace = owner.trace(plan);
  }

  result(done: Exchanged): R {
    const result = this.#result(done, this.#owner.warnings(this.#plan, done));
    this.trace?.end(done.attempts, done.answer.status, undefined);
    return result;
  }

  error(thrown: unknown): ConnectorError {
    const error = this.#owner.describe(thrown, this.#plan, this.#parameters);
    this.trace?.end(error.attempts ?? 0, error.status, error.code);
    return error;
  }

  over(): void {
    this.#owner.settled(this.#deadline);
  }
}
