/** One account of one connector in a standalone client: calls, pages and records, over the runtime's own stages. */
import type { Exchanged } from "../call/call.ts";
import { OperationCalls } from "../call/operation-calls.ts";
import type { OperationPlan } from "../call/operation-plan.ts";
import { rawOperation } from "../call/raw-request.ts";
import { checkIr } from "../check-ir.ts";
import type { ConnectionContext } from "../connection/connection-context.ts";
import { connectionKey } from "../connection/connection-key.ts";
import { ConnectionProfiles } from "../connection/connection-profiles.ts";
import { createLanes } from "../connection/limits.ts";
import type { Core } from "../core.ts";
import { readProfiles } from "../credentials/profile-set.ts";
import { ConnectorError } from "../errors.ts";
import { describeFailure } from "../failure.ts";
import type { Identity } from "../identity.ts";
import { readOperation } from "../paginate/read-operation.ts";
import { RecordReader } from "../paginate/record-reader.ts";
import { readSettings } from "../settings.ts";
import { createSigner } from "../signing/signer.ts";
import type {
  CallOptions,
  CallResult,
  Connection,
  ConnectOptions,
  Outcome,
  Page,
  PageOptions,
  Parameters,
  RawRequest,
  Warning,
} from "./types.ts";

/** Connects: checks the settings and the credentials, and resolves whose limits count. Nothing is sent. */
export function connect(core: Core, ir: unknown, options: ConnectOptions): Connection {
  checkIr(ir);
  try {
    const identity: Identity = { ...options.identity, tenant: options.identity?.tenant ?? "default" };
    const config = options.config ?? {};
    const context: ConnectionContext = {
      core,
      ir,
      settings: readSettings(ir, config),
      identity,
      authLimits: ir.limits.flatMap((limit, index) => (limit.includes_auth ? [index] : [])),
      lanes: createLanes(core, ir, identity, connectionKey(core, ir, identity, options, config)),
      sla: undefined,
      signerOf: (profile) => profile?.signer && createSigner(profile.signer),
      clientOf: () => () => undefined,
    };
    const profiles = new ConnectionProfiles(context, readProfiles(ir, options));
    return new ConnectedClient(ir.slug, new OperationCalls(context, profiles, options));
  } catch (thrown) {
    throw describeFailure(thrown, { connector: ir.slug, operation: "connect", secrets: [] });
  }
}

class ConnectedClient implements Connection {
  readonly slug: string;
  readonly #calls: OperationCalls;

  constructor(slug: string, calls: OperationCalls) {
    this.slug = slug;
    this.#calls = calls;
  }

  call<T>(operation: string, parameters: Parameters = {}, options: CallOptions = {}): Promise<CallResult<T>> {
    return this.#calls.run(operation, parameters, options, this.#calls.firstJob, callResult<T>);
  }

  async request<T>(request: RawRequest, options: CallOptions = {}): Promise<CallResult<T>> {
    let plan: OperationPlan;
    let parameters: Parameters;
    try {
      const raw = rawOperation(this.#calls.context.ir, request);
      parameters = raw.parameters;
      plan = await this.#calls.plan(raw.operation);
    } catch (thrown) {
      throw describeFailure(thrown, { connector: this.slug, operation: "request", secrets: [] });
    }
    return this.#calls.start(plan, parameters, options, this.#calls.firstJob, callResult<T>);
  }

  async attempt<T>(operation: string, parameters?: Parameters, options?: CallOptions): Promise<Outcome<T>> {
    try {
      return { ok: true, value: await this.call<T>(operation, parameters, options) };
    } catch (thrown) {
      if (ConnectorError.is(thrown)) return { ok: false, error: thrown };
      throw thrown;
    }
  }

  pages<T>(
    operation: string,
    parameters: Parameters = {},
    options: PageOptions = {},
  ): AsyncGenerator<Page<T>, void, void> {
    // The caller says what a record is.
    return readOperation(this.#calls, operation, parameters, options) as AsyncGenerator<Page<T>, void, void>;
  }

  records<T>(
    operation: string,
    parameters?: Parameters,
    options?: PageOptions,
  ): AsyncGenerator<T, void, void> {
    return new RecordReader<T>(this.pages<T>(operation, parameters, options));
  }
}

function callResult<T>(
  { data, answer, attempts, requestId }: Exchanged,
  warnings: readonly Warning[],
): CallResult<T> {
  const { status, headers } = answer;
  // The caller says what the data is.
  return { data: data as T, status, headers, attempts, requestId, warnings };
}
