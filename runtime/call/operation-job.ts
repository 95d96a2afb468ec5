import { type ConnectionContext, scopeOf } from "../connection/connection-context.ts";
import type { CallLane } from "../connection/limits.ts";
import type { Core } from "../core.ts";
import type { Credentials } from "../credentials/credentials.ts";
import type { CredentialHolder } from "../credentials/holder.ts";
import type { Deadline } from "../deadline.ts";
import { isSentOnce } from "../request/file.ts";
import type { Overrides } from "../request/plan.ts";
import type { Scope, Values } from "../request/scope.ts";
import { isGuarded } from "./idempotency.ts";
import type { Job } from "./job.ts";
import type { OperationPlan } from "./operation-plan.ts";

/** One exchange of an operation: one object, whose shape is the same in every call. */
export class OperationJob implements Job {
  readonly core: Core;
  readonly plan: Job["plan"];
  readonly rules: Job["rules"];
  readonly deadline: Deadline;
  readonly tenant: string;
  readonly credentials: CredentialHolder;
  readonly overrides: Overrides;
  readonly cost: number;
  readonly repeatable: boolean;
  readonly client: Job["client"];
  readonly sla: Job["sla"];
  readonly judgeDestination: Job["judgeDestination"];
  readonly #context: ConnectionContext;
  readonly #values: Values;
  readonly #limits: readonly number[];

  constructor(
    context: ConnectionContext,
    { operation, exchange, rules, holder, client, judge, takesFiles }: OperationPlan,
    values: Values,
    overrides: Overrides,
    deadline: Deadline,
  ) {
    this.core = context.core;
    this.plan = exchange;
    this.rules =
      takesFiles && isSentOnceIn(values) ? { ...rules, retry: { ...rules.retry, max_attempts: 1 } } : rules;
    this.deadline = deadline;
    this.tenant = context.identity.tenant;
    this.credentials = holder;
    this.overrides = overrides;
    this.cost = operation.cost;
    this.repeatable = operation.idempotent || isGuarded(operation, overrides);
    this.client = client;
    this.sla = context.sla;
    this.judgeDestination = judge;
    this.#context = context;
    this.#values = values;
    this.#limits = operation.limits;
  }

  scope(credentials: Credentials, aheadMs?: number): Scope {
    return scopeOf(this.#context, credentials, this.#values, aheadMs);
  }

  lane(credentials: Credentials): CallLane | undefined {
    return this.#context.lanes(this.#limits, credentials);
  }
}

/** A stream that is read once leaves nothing to repeat. */
function isSentOnceIn(values: Values): boolean {
  for (const value of values.values()) if (isSentOnce(value)) return true;
  return false;
}
