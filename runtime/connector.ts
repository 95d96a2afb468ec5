import type { Profile } from "../schema/ir.ts";
import type { Exchanged } from "./call/call.ts";
import { OperationCalls } from "./call/operation-calls.ts";
import type { OperationPlan } from "./call/operation-plan.ts";
import { rawOperation } from "./call/raw-request.ts";
import { checkIr } from "./check-ir.ts";
import { checkOptions } from "./check-options.ts";
import { checkProfile } from "./connection/check-profile.ts";
import { type ConnectOptions, connectKeys, identityKeys } from "./connection/connect-options.ts";
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
} from "./connection/connection.ts";
import type { ConnectionContext } from "./connection/connection-context.ts";
import { connectionKey } from "./connection/connection-key.ts";
import { ConnectionLogins } from "./connection/connection-logins.ts";
import { ConnectionProfiles } from "./connection/connection-profiles.ts";
import { createLanes } from "./connection/limits.ts";
import { tellSecrets } from "./connection/secrets-at-hand.ts";
import type { Core } from "./core.ts";
import { compileClient } from "./credentials/client-certificate.ts";
import { noCredentials, secretsOf } from "./credentials/credentials.ts";
import type { Authorization, Grant } from "./credentials/login.ts";
import { type ProfileSet, readProfiles } from "./credentials/profile-set.ts";
import type { Deadline } from "./deadline.ts";
import { ConnectorError } from "./errors.ts";
import { describeFailure } from "./failure.ts";
import type { Identity } from "./identity.ts";
import type { Page } from "./paginate/page.ts";
import { readOperation } from "./paginate/read-operation.ts";
import { RecordReader } from "./paginate/record-reader.ts";
import { circuitsFor } from "./retry/circuit.ts";
import { readSettings } from "./settings.ts";
import { createSigner } from "./signing/signer.ts";
import { RecordBatches } from "./streaming/record-batches.ts";
import { streamOperation } from "./streaming/stream-operation.ts";
import { connectUpstream } from "./upstream/connect-upstream.ts";
import type { UpstreamTool } from "./upstream/upstream.ts";

/** Connects: checks the IR, the settings and the credentials, and resolves whose limits count. Nothing is sent. */
export function connect(shared: Core, ir: unknown, options: ConnectOptions): Connection {
  checkIr(ir);
  try {
    checkOptions(options, connectKeys, "The second argument");
    checkOptions(options.identity ?? {}, identityKeys, "`identity`");
    const config = options.config ?? {};
    const identity: Identity = { ...options.identity, tenant: options.identity?.tenant ?? "default" };
    const settings = readSettings(ir, config);
    const profiles = readProfiles(ir, options);
    const key = connectionKey(shared, ir, identity, options, config);
    const reached = connectUpstream(shared, ir, options, key);
    const core: Core = {
      ...shared,
      circuits: circuitsFor(shared.clock, shared.circuits, options.circuit),
      ...(reached ? { transport: reached.transport } : {}),
    };
    const authLimits = ir.limits.flatMap((limit, index) => (limit.includes_auth ? [index] : []));
    const context: ConnectionContext = {
      core,
      ir,
      settings,
      identity,
      authLimits,
      lanes: createLanes(core, ir, identity, key),
      upstream: reached?.upstream,
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
  readonly #calls: OperationCalls;
  readonly #logins: ConnectionLogins;

  constructor(context: ConnectionContext, profiles: ProfileSet, options: ConnectOptions) {
    this.slug = context.ir.slug;
    this.#context = context;
    this.#profiles = new ConnectionProfiles(context, profiles);
    this.#calls = new OperationCalls(context, this.#profiles, options);
    this.#logins = new ConnectionLogins(context, profiles, this.#profiles.holders);
    tellSecrets(this, () => this.#profiles.secrets());
  }

  call<T = unknown>(
    operation: string,
    parameters: Parameters = {},
    options: CallOptions = {},
  ): Promise<CallResult<T>> {
    // The caller says what shape it expects; `schemaCheck` tells where the answer departs from the descriptor's.
    return this.#calls.run(operation, parameters, options, this.#calls.firstJob, callResult<T>);
  }

  async request<T = unknown>(request: RawRequest, options: CallOptions = {}): Promise<CallResult<T>> {
    let planned: { readonly plan: OperationPlan; readonly parameters: Parameters };
    try {
      const { operation, parameters } = rawOperation(this.#context.ir, request);
      planned = { plan: await this.#calls.plan(operation), parameters };
    } catch (thrown) {
      throw describeFailure(thrown, { connector: this.slug, operation: "request", secrets: [] });
    }
    const { plan, parameters } = planned;
    return this.#calls.start(plan, parameters, options, this.#calls.firstJob, callResult<T>);
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
    // As in `call`: the caller says what a record is.
    return (await streamOperation(this.#calls, operation, parameters, options)) as ResponseStream<T>;
  }

  pages<T = unknown>(
    operation: string,
    parameters: Parameters = {},
    options: PageOptions = {},
  ): AsyncGenerator<Page<T>, void, void> {
    // As in `call`: the caller says what a record is.
    return readOperation(this.#calls, operation, parameters, options) as AsyncGenerator<Page<T>, void, void>;
  }

  records<T = unknown>(
    operation: string,
    parameters: Parameters = {},
    options: PageOptions = {},
  ): AsyncGenerator<T, void, void> {
    const records = new RecordReader(new RecordBatches(this.#calls, operation, parameters, options));
    // As in `call`: the caller says what a record is.
    return records as AsyncGenerator<unknown, void, void> as AsyncGenerator<T, void, void>;
  }

  async upstreamTools(): Promise<readonly UpstreamTool[]> {
    const { ir, upstream } = this.#context;
    const [first] = ir.operations;
    try {
      if (!upstream || !first)
        throw new ConnectorError({
          code: "unsupported",
          phase: "configuration",
          message: "The operations of this connector are not the tools of an MCP server.",
        });
      return await upstream.tools(this.#calls, await this.#calls.planned(first.id));
    } catch (thrown) {
      throw describeFailure(thrown, { connector: this.slug, operation: "upstreamTools", secrets: [] });
    }
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
      deadline = this.#calls.startDeadline(options, undefined);
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
}

function callResult<T>(
  { data, answer, attempts, requestId }: Exchanged,
  warnings: readonly Warning[],
): CallResult<T> {
  return { data: data as T, status: answer.status, headers: answer.headers, attempts, requestId, warnings };
}
