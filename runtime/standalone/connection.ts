/** One account of one connector: calls, pages and records. */
import {
  type OperationPlan,
  type PlacementPlan,
  type Plan,
  type ProfilePlan,
  secretField,
} from "../../schema/standalone-plan.ts";
import { type Exchanged, execute, type Job, usualRetry, withoutSecrets } from "./call.ts";
import { type Course, startCourse } from "./course.ts";
import {
  type Credentials,
  chosenProfile,
  credentialsOf,
  fieldHolder,
  type Holder,
  readProfiles,
  readSettings,
  type Source,
} from "./credentials.ts";
import { ConnectorError, failure } from "./errors.ts";
import { jwtHolder } from "./jwt-token.ts";
import { limitsOf, type QuotasOf } from "./limits.ts";
import { firstRequest, type PageAnswer, type Reading, readPages } from "./pages.ts";
import { readParameters } from "./parameters.ts";
import { planHas } from "./plan-has.ts";
import { rawOperation } from "./raw.ts";
import { refreshHolder } from "./refresh.ts";
import { type Additions, withoutCredentials } from "./request.ts";
import { type Signer, signerOf } from "./signers.ts";
import type { StepSite } from "./step-run.ts";
import { stepHolder } from "./steps.ts";
import type { Scope } from "./template.ts";
import type {
  CallOptions,
  CallResult,
  Connection,
  ConnectOptions,
  PageOptions,
  Parameters,
  Warning,
} from "./types.ts";
import type { World } from "./world.ts";

type Values = ReadonlyMap<string, unknown>;
const none: Values = new Map();

/** Who serves an operation. */
interface Service {
  readonly profile: ProfilePlan | undefined;
  readonly placement: PlacementPlan;
  readonly holder: Holder;
  readonly signer: Signer | undefined;
}

/** Connects: checks the settings and the credentials, and resolves whose limits count. Nothing is sent. */
export function connect(world: World, plan: Plan, options: ConnectOptions): Connection {
  const { slug, operations, profiles = [] } = plan;
  const { identity, config = {} } = options;
  const tenant = identity?.tenant ?? "default";
  const settings = readSettings(plan, config);
  const sources = readProfiles(plan, options);
  const quotasOf: QuotasOf = planHas.limits
    ? limitsOf(plan, identity, connectionKey(world, options, tenant))
    : () => [];
  const holders = new Map<string, Pick<Service, "holder" | "signer">>();
  const warned = new Set<string>();

  const scopeOf = ({ values }: Credentials, aheadMs: number, parameters: Values = none): Scope => {
    // One reading of the clock, that of the server where it is known to be another.
    let wall: number | undefined;
    return {
      get: (key) =>
        key[0] === "p"
          ? parameters.get(key.slice(2))
          : planHas.settings && key[0] === "s"
            ? settings.get(key)
            : values.get(key),
      random: world.random,
      time: {
        wall: () => {
          wall ??= world.clock.wall() + aheadMs;
          return wall;
        },
      },
    };
  };

  const holderOf = (profile: ProfilePlan, source: Source): Holder => {
    const site: StepSite = { world, plan, tenant, quotasOf, profile, source, scope: scopeOf };
    if (planHas.steps && profile.steps) return stepHolder(site);
    if (planHas.refresh && profile.refresh) return refreshHolder(site);
    if (planHas.jwt && profile.jwt)
      return jwtHolder(
        profile,
        profile.jwt,
        source,
        () => world.clock.now(),
        (given) => scopeOf(given, 0),
      );
    return fieldHolder(profile, source);
  };

  const nobody = credentialsOf(undefined, none);
  const unsigned: Pick<Service, "holder" | "signer"> = {
    holder: { current: () => nobody, peek: () => nobody, renew: () => Promise.resolve(undefined) },
    signer: undefined,
  };

  const serviceOf = ({ auth = [] }: OperationPlan): Service => {
    const id = chosenProfile(
      plan,
      auth.map(([profile]) => profile),
      options.profile,
      sources,
    );
    const profile = profiles.find((one) => one.id === id);
    const placement = auth.find(([name]) => name === id)?.[1] ?? {};
    const source = id === undefined ? undefined : sources.get(id);
    if (!profile || !source) return { profile, placement, ...unsigned };
    let made = holders.get(profile.id);
    if (!made) {
      made = {
        holder: holderOf(profile, source),
        signer: planHas.signer && profile.signer ? signerOf(profile.signer) : undefined,
      };
      holders.set(profile.id, made);
    }
    return { profile, placement, ...made };
  };

  const operationOf = (id: string): OperationPlan => {
    const operation = operations.find((one) => one.id === id);
    if (operation) return operation;
    throw failure("invalid_parameters", `There is no operation "${id}".`, { details: { operation: id } });
  };

  /** Whatever was thrown, as the one error that callers meet: in context, without secrets. */
  const described = (thrown: unknown, operation: string, secrets: Iterable<unknown>): ConnectorError => {
    if (ConnectorError.is(thrown) && thrown.operation !== undefined) return thrown;
    const error = ConnectorError.is(thrown)
      ? thrown
      : failure("internal", "an unexpected fault inside the client. Please report it.", {
          cause: withoutSecrets(
            new ConnectorError({ code: "internal", phase: "request", message: String(thrown) }),
            secrets,
          ),
        });
    const message = `${slug} ${operation}: ${error.message}`;
    return withoutSecrets(error, secrets, { message, connector: slug, operation });
  };

  const timed = async <T>(
    operation: OperationPlan,
    given: CallOptions,
    run: (course: Course) => Promise<T>,
  ): Promise<T> => {
    const ms = given.timeoutMs ?? operation.timeout ?? options.timeoutMs ?? 30_000;
    const course = startCourse(world, ms, given);
    try {
      return await run(course);
    } finally {
      course.over();
    }
  };

  const exchange = (
    operation: OperationPlan,
    service: Service,
    values: Values,
    additions: Additions,
    given: CallOptions,
    course: Course,
  ): Promise<Exchanged> => {
    const { guard, once, limits = [], cost = 1, retry = usualRetry, errors = [] } = operation;
    const key = planHas.guard ? idempotencyKeyOf(operation, given, world) : undefined;
    const headers =
      planHas.guard && guard !== undefined && key !== undefined
        ? [[guard, key] as const, ...additions.headers]
        : additions.headers;
    const job: Job = {
      ...service,
      world,
      plan,
      tenant,
      quotasOf,
      exchange: operation,
      course,
      additions: { ...additions, headers },
      limits,
      cost,
      retry,
      errors,
      repeatable: !once || key !== undefined,
      scope: (credentials, aheadMs) => scopeOf(credentials, aheadMs, values),
    };
    return execute(job);
  };

  const warningsOf = ({ id, deprecated: message }: OperationPlan): Warning[] => {
    if (planHas.deprecated && message !== undefined && !warned.has(id)) {
      warned.add(id);
      world.logger?.warn({ connector: slug, operation: id, warning: "deprecated" }, message);
      return [{ code: "deprecated", message }];
    }
    return [];
  };

  const run = async <T>(
    operation: OperationPlan,
    parameters: Parameters,
    given: CallOptions,
  ): Promise<CallResult<T>> => {
    let service: Service | undefined;
    try {
      const serving = serviceOf(operation);
      service = serving;
      return await timed(operation, given, async (course) => {
        const values = await course.race(readParameters(operation, parameters));
        const first = firstRequest(operation, values, givenNames(parameters));
        const { data, answer, attempts, requestId } = await exchange(
          operation,
          serving,
          first.values,
          first,
          given,
          course,
        );
        const { status, headers } = answer;
        // The caller says what the data is.
        return { data: data as T, status, headers, attempts, requestId, warnings: warningsOf(operation) };
      });
    } catch (thrown) {
      throw described(thrown, operation.id, secretsIn(operation, parameters, service));
    }
  };

  const named = async <T>(id: string, use: () => Promise<T>): Promise<T> => {
    try {
      return await use();
    } catch (thrown) {
      throw described(thrown, id, []);
    }
  };

  async function* pages(
    id: string,
    parameters: Parameters = {},
    given: PageOptions = {},
  ): ReturnType<Connection["pages"]> {
    let secrets: () => Iterable<unknown> = () => [];
    try {
      const operation = operationOf(id);
      const service = serviceOf(operation);
      secrets = () => secretsIn(operation, parameters, service);
      const { idempotencyKey: _, ...each }: CallOptions = given;
      const reading: Reading = {
        connector: slug,
        operation,
        values: await readParameters(operation, parameters),
        given: givenNames(parameters),
        options: given,
        withoutCredentials: (url) =>
          planHas.nextUrls ? withoutCredentials(url, operation, service.placement) : url,
        fetch: (values, additions) =>
          timed(operation, each, async (course): Promise<PageAnswer> => {
            const done = await exchange(operation, service, values, additions, each, course);
            return { ...done, warnings: warningsOf(operation) };
          }),
        secrets: () => (planHas.serverPages ? textsIn(secrets()) : []),
        ready: () =>
          timed(operation, each, async (course) => void (await course.race(service.holder.current()))),
      };
      yield* readPages(reading);
    } catch (thrown) {
      throw described(thrown, id, secrets());
    }
  }

  const connection: Connection = {
    slug,
    call: (id, parameters = {}, given = {}) => named(id, async () => run(operationOf(id), parameters, given)),
    request: (request, given = {}) =>
      named("request", async () => run(rawOperation(plan, request), {}, given)),
    attempt: async <T>(id: string, parameters?: Parameters, given?: CallOptions) => {
      try {
        return { ok: true, value: await connection.call<T>(id, parameters, given) };
      } catch (thrown) {
        if (ConnectorError.is(thrown)) return { ok: false, error: thrown };
        throw thrown;
      }
    },
    // The caller says what a record is.
    pages: pages as Connection["pages"],
    async *records(id, parameters, given) {
      for await (const page of connection.pages(id, parameters, given)) yield* page.records as never[];
    },
  };
  return connection;
}

/** Of a call that is not safe to send twice, or that its caller gives one. */
function idempotencyKeyOf(
  { guard, once }: OperationPlan,
  given: CallOptions,
  { random }: World,
): string | undefined {
  if (guard === undefined || (!once && given.idempotencyKey === undefined)) return undefined;
  const key = given.idempotencyKey ?? random.uuid();
  if (/^[\x21-\x7e]{1,255}$/.test(key)) return key;
  throw failure(
    "invalid_parameters",
    "`idempotencyKey` must be 1 to 255 printable ASCII characters without blanks.",
  );
}

function secretsIn(
  { parameters = [] }: OperationPlan,
  given: Parameters,
  service: Service | undefined,
): unknown[] {
  const own = parameters.filter(({ bits = 0 }) => bits & secretField).map(({ key }) => Object(given)[key]);
  return [...own, ...(service?.holder.peek()?.secrets ?? [])];
}

/** Long enough not to occur by chance, the longest first: one may hold another. */
function textsIn(secrets: Iterable<unknown>): string[] {
  const texts = [...secrets].filter((secret) => typeof secret === "string" && secret.length > 3) as string[];
  return [...new Set(texts.flatMap((text) => [text, encodeURIComponent(text.toWellFormed())]))].sort(
    (a, b) => b.length - a.length,
  );
}

function givenNames(parameters: Parameters): ReadonlySet<string> {
  return new Set(Object.keys(parameters).filter((name) => parameters[name] !== undefined));
}

/** Equal inputs share limits; credentials that a function gives cannot be compared. */
function connectionKey(
  { random }: World,
  { identity, profile, credentials, profiles, config }: ConnectOptions,
  tenant: string,
): string {
  if (identity?.connection !== undefined) return JSON.stringify([tenant, identity.connection]);
  const parts = [tenant, profile, config, credentials, profiles];
  const isAsked =
    typeof credentials === "function" ||
    Object.values(profiles ?? {}).some((one) => typeof one?.credentials === "function");
  return JSON.stringify(isAsked ? [tenant, random.uuid()] : parts, (_, value) =>
    typeof value === "bigint"
      ? `${value}n`
      : Object(value) === value && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).sort())
        : value,
  );
}
