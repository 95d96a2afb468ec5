import type { Operation, OperationAuth, Profile } from "../schema/ir.ts";
import { carryOut, type Exchanged } from "./call.ts";
import { CallEnds, type CallOwner } from "./call-ends.ts";
import { checkIr } from "./check-ir.ts";
import { checkOptions } from "./check-options.ts";
import { checkProfile } from "./check-profile.ts";
import { type ConnectOptions, connectKeys, identityKeys } from "./connect-options.ts";
import type {
  CallOptions,
  CallResult,
  Connection,
  Health,
  Outcome,
  PageOptions,
  Parameters,
  RawRequest,
  ResponseStream,
  StreamOptions,
  Warning,
} from "./connection.ts";
import type { ConnectionContext } from "./connection-context.ts";
import { connectionKey } from "./connection-key.ts";
import { ConnectionLogins } from "./connection-logins.ts";
import { ConnectionProfiles } from "./connection-profiles.ts";
import type { Core } from "./core.ts";
import { compileClient } from "./credentials/client-certificate.ts";
import { noCredentials, secretsOf } from "./credentials/credentials.ts";
import { fixedHolder } from "./credentials/holder.ts";
import type { Authorization, Grant } from "./credentials/login.ts";
import { chooseAuth, type ProfileSet, readProfiles } from "./credentials/profile-set.ts";
import { Deadline } from "./deadline.ts";
import { ConnectorError } from "./errors.ts";
import { describeFailure, type FailureContext } from "./failure.ts";
import { idempotencyOverrides } from "./idempotency.ts";
import type { Identity } from "./identity.ts";
import type { Job } from "./job.ts";
import { createLanes } from "./limits.ts";
import { OperationJob } from "./operation-job.ts";
import { type OperationPlan, PlanCache, planOperation } from "./operation-plan.ts";
import { firstRequest, type Page, readPages } from "./paginate/read-pages.ts";
import type { Awaitable } from "./ports.ts";
import { rawOperation } from "./raw-request.ts";
import type { Overrides } from "./request/plan.ts";
import type { Values } from "./request/scope.ts";
import { checkResponse } from "./response-check.ts";
import { readSettings } from "./settings.ts";
import { isPromise } from "./settled.ts";
import { createSigner } from "./signing/signer.ts";
import { prepareStream, streamsRecords } from "./streaming/open-stream.ts";
import { suggestion } from "./suggest.ts";
import type { CallTrace } from "./telemetry/call-trace.ts";

const defaultTimeoutMs = 30_000;

/** Connects: checks the IR, the settings and the credentials, and resolves whose limits count. Nothing is sent. */
export function connect(core: Core, ir: unknown, options: ConnectOptions): Connection {
  checkIr(ir);
  try {
    checkOptions(options, connectKeys, "The second argument");
    checkOptions(options.identity ?? {}, identityKeys, "`identity`");
    const config = options.config ?? {};
    const identity: Identity = { ...options.identity, tenant: options.identity?.tenant ?? "default" };
    const settings = readSettings(ir, config);
    const profiles = readProfiles(ir, options);
    const key = connectionKey(core, ir, identity, options, config);
    const authLimits = ir.limits.flatMap((limit, index) => (limit.includes_auth ? [index] : []));
    const context: ConnectionContext = {
      core,
      ir,
      settings,
      identity,
      authLimits,
      lanes: createLanes(core, ir, identity, key),
      sla: core.sla.of(ir.slug, ir.sla),
      signerOf: once((profile) => profile?.signer && createSigner(profile.signer)),
      clientOf: once((profile) => compileClient(profile, core.keyring)),
    };
    return new ConnectedConnector(context, profiles, options);
  } catch (thrown) {
    throw describeFailure(thrown, { connector: ir.slug, operation: "connect", secrets: [] });
  }
}

/** Makes one for each profile, when first asked for. */
function once<T>(make: (profile: Profile | undefined) => T): (profile: Profile | undefined) => T {
  const made = new Map<Profile | undefined, { readonly value: T }>();
  return (profile) => {
    const known = made.get(profile) ?? { value: make(profile) };
    made.set(profile, known);
    return known.value;
  };
}

class ConnectedConnector implements Connection {
  readonly slug: string;
  readonly #context: ConnectionContext;
  readonly #profiles: ConnectionProfiles;
  readonly #options: ConnectOptions;
  readonly #operations: ReadonlyMap<string, Operation>;
  readonly #plans: PlanCache = new PlanCache();
  readonly #warned: Set<string> = new Set();
  readonly #logins: ConnectionLogins;

  constructor(context: ConnectionContext, profiles: ProfileSet, options: ConnectOptions) {
    this.slug = context.ir.slug;
    this.#context = context;
    this.#profiles = new ConnectionProfiles(context, profiles);
    this.#options = options;
    this.#logins = new ConnectionLogins(context, profiles, this.#profiles.holders);
    this.#operations = new Map(context.ir.operations.map((operation) => [operation.id, operation]));
  }

  call<T = unknown>(
    operation: string,
    parameters: Parameters = {},
    options: CallOptions = {},
  ): Promise<CallResult<T>> {
    // The caller says what shape it expects; `schemaCheck` tells where the answer departs from the descriptor's.
    return this.#run(operation, parameters, options, this.#firstJob, callResult<T>);
  }

  async request<T = unknown>(request: RawRequest, options: CallOptions = {}): Promise<CallResult<T>> {
    let planned: { readonly plan: OperationPlan; readonly parameters: Parameters };
    try {
      const { operation, parameters } = rawOperation(this.#context.ir, request);
      planned = { plan: await this.#plan(operation), parameters };
    } catch (thrown) {
      throw describeFailure(thrown, { connector: this.slug, operation: "request", secrets: [] });
    }
    return this.#start(planned.plan, planned.parameters, options, this.#firstJob, callResult<T>);
  }

  async attempt<T = unknown>(
    operation: string,
    parameters?: Parameters,
    options?: CallOptions,
  ): Promise<Outcome<T>> {
    try {
      return { ok: true, value: await this.call<T>(operation, parameters, options) };
    } catch (thrown) {
      if (ConnectorError.is(thrown)) return { ok: false, error: thrown };
      throw thrown;
    }
  }

  async stream<T = unknown>(
    operation: string,
    parameters: Parameters = {},
    options: StreamOptions = {},
  ): Promise<ResponseStream<T>> {
    const plan = await this.#planned(operation);
    const describe = (thrown: unknown): ConnectorError =>
      describeFailure(thrown, this.#failureContext(operation, plan, parameters));
    const { maxDurationMs } = options;
    const timeoutMs = Math.min(this.#timeoutMs(options, plan.operation), maxDurationMs ?? Infinity);
    try {
      this.#context.core.assertOpen();
      const streaming = prepareStream(this.#context, plan, options, describe);
      const job: MakeJob = (planned, given, chosen, deadline) =>
        this.#firstJobIn(streaming.context, planned, given, chosen, deadline);
      const calling = this.#start(
        streaming.plan,
        parameters,
        { ...options, timeoutMs },
        job,
        streaming.result,
      );
      // As in `call`: the caller says what a record is.
      return (await calling.catch((thrown: unknown) => {
        streaming.failed();
        throw thrown;
      })) as ResponseStream<T>;
    } catch (thrown) {
      throw describe(thrown);
    }
  }

  async *pages<T = unknown>(
    operation: string,
    parameters: Parameters = {},
    options: PageOptions = {},
  ): AsyncGenerator<Page<T>, void, void> {
    const plan = await this.#planned(operation);
    try {
      const reading = readPages({
        operation,
        pagination: plan.operation.pagination,
        records: plan.operation.exchange.response.records,
        listed: plan.listed,
        parameters: await plan.readParameters(parameters),
        given: givenNames(parameters),
        cursor: options.cursor,
        maxPages: options.maxPages,
        withoutCredentials: (url) => plan.exchange.withoutCredentials(url),
        fetch: (values, overrides) => {
          const headers = [...this.#guarded(plan.operation, {}).headers, ...overrides.headers];
          const job: MakeJob = (planned, _given, _options, deadline) =>
            this.#job(planned, values, { ...overrides, headers }, deadline);
          return this.#run(operation, parameters, options, job, (done, warnings) => ({ ...done, warnings }));
        },
      });
      // As in `call`: the caller says what a record is.
      yield* reading as AsyncGenerator<Page<T>, void, void>;
    } catch (thrown) {
      throw describeFailure(thrown, this.#failureContext(operation, plan, parameters));
    }
  }

  async *records<T = unknown>(
    operation: string,
    parameters?: Parameters,
    options?: PageOptions,
  ): AsyncGenerator<T, void, void> {
    const plan = await this.#planned(operation);
    if (streamsRecords(plan) && options?.cursor === undefined)
      yield* await this.stream<T>(operation, parameters, options);
    else for await (const page of this.pages<T>(operation, parameters, options)) yield* page.records;
  }

  async check(options: CallOptions = {}): Promise<Health> {
    const { clock } = this.#context.core;
    const began = clock.now();
    const profile = this.#profiles.inUse();
    const health = (rest: Omit<Health, "profile" | "durationMs">): Health => ({
      ...rest,
      profile: profile?.id,
      durationMs: Math.round(clock.now() - began),
    });
    const operation = profile ? `check of profile "${profile.id}"` : "check";
    let deadline: Deadline | undefined;
    try {
      if (!profile)
        throw new ConnectorError({
          code: "missing_credential",
          phase: "credentials",
          message: "No profile has credentials. Give those of one under `credentials`.",
        });
      deadline = this.#startDeadline(options, undefined);
      return health({
        ok: true,
        ...(await checkProfile(this.#context, profile, this.#profiles.holder(profile), deadline)),
      });
    } catch (thrown) {
      const secrets = secretsOf((profile && this.#profiles.holders.get(profile.id)?.peek()) ?? noCredentials);
      const error = describeFailure(thrown, { connector: this.slug, operation, secrets });
      return health({ ok: false, error, ...(error.status === undefined ? {} : { status: error.status }) });
    } finally {
      if (deadline) this.#context.core.running.remove(deadline);
    }
  }

  authorize(options: { readonly profile?: string; readonly redirectUri: string }): Promise<Authorization> {
    return this.#logins.authorize(options);
  }

  grant(options: { readonly profile?: string } = {}): Promise<Grant | undefined> {
    return this.#logins.grant(options);
  }

  forget(options: { readonly profile?: string } = {}): Promise<boolean> {
    return this.#logins.forget(options);
  }

  async origins(options: { readonly profile?: string } = {}): Promise<readonly string[]> {
    try {
      this.#context.core.assertOpen();
      return await this.#profiles.origins(options.profile);
    } catch (thrown) {
      throw describeFailure(thrown, { connector: this.slug, operation: "origins", secrets: [] });
    }
  }

  /** The plan of an operation for the profile that serves it. */
  async #planned(id: string): Promise<OperationPlan> {
    try {
      const operation = this.#operations.get(id);
      if (!operation) throw unknownOperation(id, [...this.#operations.keys()]);
      return await this.#plans.get(id, () => this.#plan(operation));
    } catch (thrown) {
      throw describeFailure(thrown, { connector: this.slug, operation: id, secrets: [] });
    }
  }

  async #plan(operation: Operation): Promise<OperationPlan> {
    const { ir } = this.#context;
    const auth: OperationAuth | undefined = chooseAuth(operation.auth, this.#profiles.set, ir);
    const profile = ir.profiles.find((candidate) => candidate.id === auth?.profile);
    const holder = profile ? this.#profiles.holder(profile) : fixedHolder();
    return planOperation({
      context: this.#context,
      operation,
      auth,
      profile,
      holder,
      schemaMode: this.#options.schemaCheck ?? "warn",
    });
  }

  /** One call of a paged operation asks for the first page, of the descriptor's size. */
  readonly #firstJob: MakeJob = (plan, parameters, options, deadline) =>
    this.#firstJobIn(this.#context, plan, parameters, options, deadline);

  #firstJobIn(
    context: ConnectionContext,
    plan: OperationPlan,
    parameters: Parameters,
    options: CallOptions,
    deadline: Deadline,
  ): Awaitable<Job> {
    const overrides = this.#guarded(plan.operation, options);
    const make = (values: Values): Job => {
      const { pagination } = plan.operation;
      if (pagination.kind === "none") return new OperationJob(context, plan, values, overrides, deadline);
      const first = firstRequest({ pagination, parameters: values, given: givenNames(parameters) });
      const headers = [...overrides.headers, ...first.headers];
      return new OperationJob(context, plan, first.parameters, { ...first, headers }, deadline);
    };
    const read = plan.readParameters(parameters);
    return isPromise(read) ? deadline.race(read).then(make) : make(read);
  }

  #job(plan: OperationPlan, values: Values, overrides: Overrides, deadline: Deadline): Job {
    return new OperationJob(this.#context, plan, values, overrides, deadline);
  }

  #guarded(operation: Operation, options: CallOptions): Overrides {
    return idempotencyOverrides(operation, options.idempotencyKey, this.#context.core.random);
  }

  /** Runs one call under its deadline, told to telemetry, its errors in context. Never throws. */
  #run<R>(
    id: string,
    parameters: Parameters,
    options: CallOptions,
    makeJob: MakeJob,
    result: (done: Exchanged, warnings: readonly Warning[]) => R,
  ): Promise<R> {
    const plan = this.#plans.known(id);
    return plan
      ? this.#start(plan, parameters, options, makeJob, result)
      : this.#planned(id).then((made) => this.#start(made, parameters, options, makeJob, result));
  }

  #start<R>(
    plan: OperationPlan,
    parameters: Parameters,
    options: CallOptions,
    makeJob: MakeJob,
    result: (done: Exchanged, warnings: readonly Warning[]) => R,
  ): Promise<R> {
    let ends: CallEnds<R> | undefined;
    try {
      const deadline = this.#startDeadline(options, plan.operation);
      ends = new CallEnds(this.#owner, plan, parameters, deadline, result);
      const job = makeJob(plan, parameters, options, deadline);
      return isPromise(job) ? this.#runLate(job, ends) : carryOut(job, ends);
    } catch (thrown) {
      const error = ends
        ? ends.error(thrown)
        : describeFailure(thrown, { connector: this.slug, operation: plan.operation.id, secrets: [] });
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
    describe: (thrown, plan, parameters) =>
      describeFailure(thrown, this.#failureContext(plan.operation.id, plan, parameters)),
    settled: (deadline) => this.#context.core.running.remove(deadline),
    trace: (plan) => (this.#context.core.telemetry.active ? this.#trace(plan.operation.id) : undefined),
  };

  #trace(operation: string): CallTrace {
    const { core, identity } = this.#context;
    return core.telemetry.begin({ kind: "call", connector: this.slug, operation, tenant: identity.tenant });
  }

  #timeoutMs(options: CallOptions, operation: Operation | undefined): number {
    return options.timeoutMs ?? operation?.timeout_ms ?? this.#options.timeoutMs ?? defaultTimeoutMs;
  }

  #startDeadline(options: CallOptions, operation: Operation | undefined): Deadline {
    const { core } = this.#context;
    core.assertOpen();
    const ms = this.#timeoutMs(options, operation);
    if (!(ms > 0))
      throw new ConnectorError({
        code: "invalid_parameters",
        phase: "parameters",
        message: "`timeoutMs` must be more than 0.",
      });
    const { signal } = options;
    const deadline = new Deadline(core.clock, ms, signal && { signal, signals: core.signals });
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
    const { logger } = this.#context.core;
    if (logger)
      for (const warning of warnings)
        logger.warn(
          { connector: this.slug, operation: operation.id, warning: warning.code, path: warning.path },
          warning.message,
        );
    return warnings;
  }

  #failureContext(operation: string, plan: OperationPlan, parameters: Parameters): FailureContext {
    // Callers without types may pass null.
    const given: Parameters = parameters ?? {};
    const secretParameters = plan.operation.parameters
      .filter(({ secret }) => secret)
      .map(({ name }) => (Object.hasOwn(given, name) ? given[name] : undefined));
    return {
      connector: this.slug,
      operation,
      secrets: [...secretParameters, ...secretsOf(plan.holder.peek() ?? noCredentials)],
    };
  }
}

/** What `execute` is to do for one call. */
type MakeJob = (
  plan: OperationPlan,
  parameters: Parameters,
  options: CallOptions,
  deadline: Deadline,
) => Awaitable<Job>;

function callResult<T>(
  { data, answer, attempts, requestId }: Exchanged,
  warnings: readonly Warning[],
): CallResult<T> {
  return { data: data as T, status: answer.status, headers: answer.headers, attempts, requestId, warnings };
}

function givenNames(parameters: Parameters): ReadonlySet<string> {
  return new Set(Object.keys(parameters).filter((name) => parameters[name] !== undefined));
}

function unknownOperation(id: string, known: readonly string[]): ConnectorError {
  return new ConnectorError({
    code: "invalid_parameters",
    phase: "parameters",
    message: `There is no operation "${id}".${suggestion(id, known)}`,
    details: { operation: id },
  });
}
