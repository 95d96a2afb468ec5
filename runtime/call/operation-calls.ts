import type { Operation, OperationAuth } from "../../schema/ir.ts";
import type { ConnectOptions } from "../connection/connect-options.ts";
import type { CallOptions, Parameters, Warning } from "../connection/connection.ts";
import type { ConnectionContext } from "../connection/connection-context.ts";
import type { ConnectionProfiles } from "../connection/connection-profiles.ts";
import { noCredentials, secretsOf } from "../credentials/credentials.ts";
import { fixedHolder } from "../credentials/holder.ts";
import { chooseAuth } from "../credentials/profile-set.ts";
import { Deadline } from "../deadline.ts";
import { ConnectorError } from "../errors.ts";
import { describeFailure, type FailureContext } from "../failure.ts";
import { priorities } from "../pacing/priority.ts";
import { firstRequest, givenNames } from "../paginate/page-request.ts";
import type { Awaitable } from "../ports.ts";
import type { Overrides } from "../request/plan.ts";
import type { Values } from "../request/scope.ts";
import { isPromise } from "../settled.ts";
import { suggestion } from "../suggest.ts";
import type { CallTrace } from "../telemetry/call-trace.ts";
import { carryOut, type Exchanged } from "./call.ts";
import { CallEnds, type CallOwner } from "./call-ends.ts";
import { idempotencyOverrides } from "./idempotency.ts";
import type { Job } from "./job.ts";
import { OperationJob } from "./operation-job.ts";
import { type OperationPlan, planOperation } from "./operation-plan.ts";
import { PlanCache } from "./plan-cache.ts";
import { checkResponse } from "./response-check.ts";

const defaultTimeoutMs = 30_000;

/** What `execute` is to do for one call. */
export type MakeJob = (
  plan: OperationPlan,
  parameters: Parameters,
  options: CallOptions,
  deadline: Deadline,
) => Awaitable<Job>;

/** Makes the calls of one connection: of an operation in one go, as a stream, or page by page. */
export class OperationCalls {
  readonly context: ConnectionContext;
  readonly #profiles: ConnectionProfiles;
  readonly #options: ConnectOptions;
  readonly #operations: ReadonlyMap<string, Operation>;
  readonly #plans: PlanCache = new PlanCache();
  readonly #warned: Set<string> = new Set();

  constructor(context: ConnectionContext, profiles: ConnectionProfiles, options: ConnectOptions) {
    this.context = context;
    this.#profiles = profiles;
    this.#options = options;
    this.#operations = new Map(context.ir.operations.map((operation) => [operation.id, operation]));
  }

  /** The plan of an operation for the profile that serves it. */
  async planned(id: string): Promise<OperationPlan> {
    try {
      const operation = this.#operations.get(id);
      if (!operation) throw unknownOperation(id, [...this.#operations.keys()]);
      return await this.#plans.get(id, () => this.plan(operation));
    } catch (thrown) {
      throw describeFailure(thrown, { connector: this.context.ir.slug, operation: id, secrets: [] });
    }
  }

  async plan(operation: Operation): Promise<OperationPlan> {
    const { ir } = this.context;
    const auth: OperationAuth | undefined = chooseAuth(operation.auth, this.#profiles.set, ir);
    const profile = ir.profiles.find((candidate) => candidate.id === auth?.profile);
    const holder = profile ? this.#profiles.holder(profile) : fixedHolder();
    return planOperation({
      context: this.context,
      operation,
      auth,
      profile,
      holder,
      schemaMode: this.#options.schemaCheck ?? "warn",
    });
  }

  /** One call of a paged operation asks for the first page, of the descriptor's size. */
  readonly firstJob: MakeJob = (plan, parameters, options, deadline) =>
    this.firstJobIn(this.context, plan, parameters, options, deadline);

  firstJobIn(
    context: ConnectionContext,
    plan: OperationPlan,
    parameters: Parameters,
    options: CallOptions,
    deadline: Deadline,
  ): Awaitable<Job> {
    const overrides = this.guarded(plan.operation, options);
    const make = (values: Values): Awaitable<Job> => {
      const { pagination } = plan.operation;
      if (pagination.kind === "none") return this.job(context, plan, values, overrides, deadline);
      const first = firstRequest({ pagination, parameters: values, given: givenNames(parameters) });
      const headers = [...overrides.headers, ...first.headers];
      return new OperationJob(context, plan, first.parameters, { ...first, headers }, deadline);
    };
    const read = plan.readParameters(parameters);
    return isPromise(read) ? deadline.race(read).then(make) : make(read);
  }

  /** The exchange that calls an operation; a tool's needs a session with its server. */
  job(
    context: ConnectionContext,
    plan: OperationPlan,
    values: Values,
    overrides: Overrides,
    deadline: Deadline,
  ): Awaitable<Job> {
    return plan.operation.tool && context.upstream
      ? context.upstream.job(this, { context, plan, values, overrides, deadline })
      : new OperationJob(context, plan, values, overrides, deadline);
  }

  guarded(operation: Operation, options: CallOptions): Overrides {
    return idempotencyOverrides(operation, options.idempotencyKey, this.context.core.random);
  }

  /** Runs one call under its deadline, told to telemetry, its errors in context. Never throws. */
  run<R>(
    id: string,
    parameters: Parameters,
    options: CallOptions,
    makeJob: MakeJob,
    result: (done: Exchanged, warnings: readonly Warning[]) => R,
  ): Promise<R> {
    const plan = this.#plans.known(id);
    return plan
      ? this.start(plan, parameters, options, makeJob, result)
      : this.planned(id).then((made) => this.start(made, parameters, options, makeJob, result));
  }

  /** As `run`, with the plan at hand. */
  start<R>(
    plan: OperationPlan,
    parameters: Parameters,
    options: CallOptions,
    makeJob: MakeJob,
    result: (done: Exchanged, warnings: readonly Warning[]) => R,
  ): Promise<R> {
    let ends: CallEnds<R> | undefined;
    try {
      const deadline = this.startDeadline(options, plan.operation);
      ends = new CallEnds(this.#owner, plan, parameters, deadline, result);
      const job = makeJob(plan, parameters, options, deadline);
      return isPromise(job) ? this.#runLate(job, ends) : carryOut(job, ends);
    } catch (thrown) {
      const error = ends
        ? ends.error(thrown)
        : describeFailure(thrown, {
            connector: this.context.ir.slug,
            operation: plan.operation.id,
            secrets: [],
          });
      ends?.over();
      return Promise.reject(error);
    }
  }

  async #runLate<R>(making: Promise<Job>, ends: CallEnds<R>): Promise<R> {
    let job: Job;
    try {
      job = await making;
    } catch (thrown) {
      const error = ends.error(thrown);
      ends.over();
      throw error;
    }
    return carryOut(job, ends);
  }

  /** What the end of a call asks of its connection. */
  readonly #owner: CallOwner = {
    warnings: (plan, done) => this.#warnings(plan, done),
    describe: (thrown, plan, parameters) => describeFailure(thrown, this.failureContext(plan, parameters)),
    settled: (deadline) => this.context.core.running.remove(deadline),
    trace: (plan) => (this.context.core.telemetry.active ? this.#trace(plan.operation.id) : undefined),
  };

  #trace(operation: string): CallTrace {
    const { core, identity, ir } = this.context;
    return core.telemetry.begin({ kind: "call", connector: ir.slug, operation, tenant: identity.tenant });
  }

  timeoutMs(options: CallOptions, operation: Operation | undefined): number {
    return options.timeoutMs ?? operation?.timeout_ms ?? this.#options.timeoutMs ?? defaultTimeoutMs;
  }

  /** The caller removes it from `running` when the call is done. */
  startDeadline(options: CallOptions, operation: Operation | undefined): Deadline {
    const { core } = this.context;
    core.assertOpen();
    const ms = this.timeoutMs(options, operation);
    if (!(ms > 0))
      throw new ConnectorError({
        code: "invalid_parameters",
        phase: "parameters",
        message: "`timeoutMs` must be more than 0.",
      });
    const { signal, priority } = options;
    if (priority !== undefined && !priorities.includes(priority))
      throw new ConnectorError({
        code: "invalid_parameters",
        phase: "parameters",
        message: `\`priority\` must be one of ${priorities.join(", ")}.`,
      });
    const deadline = new Deadline(core.clock, ms, signal && { signal, signals: core.signals }, priority);
    core.running.add(deadline);
    return deadline;
  }

  #warnings(plan: OperationPlan, done: Exchanged): Warning[] {
    const { operation } = plan;
    const warnings = checkResponse(plan, done);
    if (operation.deprecated && !this.#warned.has(operation.id)) {
      this.#warned.add(operation.id);
      warnings.push({
        code: "deprecated",
        message: operation.deprecated_message ?? `The operation ${operation.id} is deprecated.`,
      });
    }
    const { core, ir } = this.context;
    if (core.logger)
      for (const warning of warnings)
        core.logger.warn(
          { connector: ir.slug, operation: operation.id, warning: warning.code, path: warning.path },
          warning.message,
        );
    return warnings;
  }

  failureContext({ operation, holder }: OperationPlan, parameters: Parameters): FailureContext {
    // Callers without types may pass null.
    const given: Parameters = parameters ?? {};
    const secretParameters = operation.parameters
      .filter(({ secret }) => secret)
      .map(({ name }) => (Object.hasOwn(given, name) ? given[name] : undefined));
    return {
      connector: this.context.ir.slug,
      operation: operation.id,
      secrets: [...secretParameters, ...secretsOf(holder.peek() ?? noCredentials)],
    };
  }
}

function unknownOperation(id: string, known: readonly string[]): ConnectorError {
  return new ConnectorError({
    code: "invalid_parameters",
    phase: "parameters",
    message: `There is no operation "${id}".${suggestion(id, known)}`,
    details: { operation: id },
  });
}
