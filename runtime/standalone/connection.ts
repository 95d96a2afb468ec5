/** One account of one connector: calls, pages and records. */
import {
  type OperationPlan,
  type Plan,
  type ProfilePlan,
  secretField,
} from "../../schema/standalone-plan.ts";
import { execute, type Job, withoutSecrets } from "./call.ts";
import { type Course, inCourse } from "./course.ts";
import {
  type Credentials,
  chosenProfile,
  fieldHolder,
  type Holder,
  nobody,
  readProfiles,
  readSettings,
  type Source,
} from "./credentials.ts";
import { ConnectorError, failure } from "./errors.ts";
import { isObject } from "./is-object.ts";
import { jwtHolder } from "./jwt-token.ts";
import { limitsOf, type QuotasOf } from "./limits.ts";
import { firstRequest, type PageAnswer, type Reading, readPages } from "./pages.ts";
import { readParameters } from "./parameters.ts";
import { planHas } from "./plan-has.ts";
import { rawOperation } from "./raw.ts";
import { refreshHolder } from "./refresh.ts";
import { type Additions, withoutCredentials } from "./request.ts";
import { signerOf } from "./signers.ts";
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
type Service = Pick<Job, "profile" | "placement" | "holder" | "signer">;

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
  const served = new Map<string, Pick<Service, "holder" | "signer">>();
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
      time: planHas.timed
        ? {
            wall: () => {
              wall ??= world.clock.wall() + aheadMs;
              return wall;
            },
          }
        : (undefined as never),
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
    return planHas.fieldProfiles ? fieldHolder(profile, source) : nobody;
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
    const source = sources.get(id ?? "");
    let made = served.get(id ?? "");
    if (profile && source && !made) {
      made = {
        holder: holderOf(profile, source),
        signer: planHas.signer && profile.signer ? signerOf(profile.signer) : undefined,
      };
      served.set(profile.id, made);
    }
    return { profile, placement, holder: nobody, signer: undefined, ...made };
  };

  const named = (id: string) => (): OperationPlan => {
    const operation = operations.find((one) => one.id === id);
    if (operation) return operation;
    throw failure("invalid_parameters", `There is no operation "${id}".`, { details: { operation: id } });
  };

  const msOf = ({ timeout }: OperationPlan, given: CallOptions): number =>
    given.timeoutMs ?? timeout ?? options.timeoutMs ?? 30_000;

  /** One exchange of an operation, in its time. */
  const exchange = (
    operation: OperationPlan,
    service: Service,
    given: CallOptions,
    make: (course: Course) => Additions | Promise<Additions>,
  ): Promise<PageAnswer> =>
    inCourse(world, msOf(operation, given), given, async (course) => {
      const { guard, once } = operation;
      const additions = await make(course);
      const key = planHas.guard ? idempotencyKeyOf(operation, given, world) : undefined;
      if (planHas.guard && guard !== undefined && key !== undefined) additions.headers.unshift([guard, key]);
      const done = await execute({
        ...service,
        world,
        plan,
        tenant,
        quotasOf,
        exchange: operation,
        course,
        additions,
        repeatable: !once || (planHas.guard && key !== undefined),
        scope: (credentials, aheadMs) => scopeOf(credentials, aheadMs, additions.values),
      });
      return { ...done, warnings: planHas.deprecated ? warningsOf(operation) : [] };
    });

  const warningsOf = ({ id, deprecated: message }: OperationPlan): Warning[] => {
    if (message !== undefined && !warned.has(id)) {
      warned.add(id);
      world.logger?.warn({ connector: slug, operation: id, warning: "deprecated" }, message);
      return [{ code: "deprecated", message }];
    }
    return [];
  };

  const run = async <T>(
    id: string,
    find: () => OperationPlan,
    parameters: Parameters = {},
    given: CallOptions = {},
  ): Promise<CallResult<T>> => {
    let operation: OperationPlan | undefined;
    let service: Service | undefined;
    try {
      const found = find();
      operation = found;
      service = serviceOf(found);
      const { data, answer, attempts, requestId, warnings } = await exchange(
        found,
        service,
        given,
        async (course) =>
          firstRequest(found, await course.race(readParameters(found, parameters)), givenNames(parameters)),
      );
      const { status, headers } = answer;
      // The caller says what the data is.
      return { data: data as T, status, headers, attempts, requestId, warnings };
    } catch (thrown) {
      throw described(thrown, slug, operation?.id ?? id, secretsIn(operation, parameters, service));
    }
  };

  async function* pages(
    id: string,
    parameters: Parameters = {},
    given: PageOptions = {},
  ): ReturnType<Connection["pages"]> {
    let operation: OperationPlan | undefined;
    let service: Service | undefined;
    try {
      const found = named(id)();
      operation = found;
      const serving = serviceOf(found);
      service = serving;
      // Pages are read, each by itself: no key of the caller's guards them.
      const each: CallOptions = planHas.guard
        ? { ...given, ...({ idempotencyKey: undefined } as object) }
        : given;
      yield* readPages({
        connector: slug,
        operation: found,
        values: await readParameters(found, parameters),
        given: givenNames(parameters),
        options: given,
        ...(planHas.nextUrls
          ? { withoutCredentials: (url: string) => withoutCredentials(url, found, serving.placement) }
          : {}),
        fetch: (additions) => exchange(found, serving, each, () => additions),
        ...(planHas.serverPages
          ? {
              secrets: () => textsIn(secretsIn(found, parameters, serving)),
              ready: () =>
                inCourse(world, msOf(found, each), each, async (course) => {
                  await course.race(serving.holder.current());
                }),
            }
          : {}),
      } as Reading);
    } catch (thrown) {
      throw described(thrown, slug, id, secretsIn(operation, parameters, service));
    }
  }

  const connection: Connection = {
    slug,
    call: (id, parameters, given) => run(id, named(id), parameters, given),
    request: (request, given) => run("request", () => rawOperation(plan, request), {}, given),
    attempt: async <T>(id: string, parameters?: Parameters, given?: CallOptions) => {
      try {
        return { ok: true, value: await connection.call<T>(id, parameters, given) };
      } catch (error) {
        // A call rejects with nothing else.
        return { ok: false, error: error as ConnectorError };
      }
    },
    // The caller says what a record is.
    pages: pages as Connection["pages"],
    async *records(id, parameters, given) {
      for await (const page of pages(id, parameters, given)) yield* page.records as never[];
    },
  };
  return connection;
}

/** Whatever was thrown, as the one error that callers meet: in context, without secrets. */
export function described(
  thrown: unknown,
  connector: string,
  operation: string,
  secrets: Iterable<unknown> = [],
): ConnectorError {
  const error = ConnectorError.is(thrown)
    ? thrown
    : failure("internal", "an unexpected fault inside the client. Please report it.", {
        cause: withoutSecrets(failure("internal", String(thrown)), secrets),
      });
  const message = `${connector} ${operation}: ${error.message}`;
  return withoutSecrets(error, secrets, { message, connector, operation });
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
  operation: OperationPlan | undefined,
  given: Parameters,
  service: Service | undefined,
): unknown[] {
  const secret = (operation?.parameters ?? []).filter(({ bits = 0 }) => bits & secretField);
  return [...secret.map(({ key }) => Object(given)[key]), ...(service?.holder.peek()?.secrets ?? [])];
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
  const parts = identity?.connection ?? [profile, config, credentials, profiles];
  return JSON.stringify([tenant, parts], (_, value) =>
    typeof value === "function"
      ? random.uuid()
      : typeof value === "bigint"
        ? `${value}n`
        : isObject(value) && !Array.isArray(value)
          ? Object.fromEntries(Object.entries(value).sort())
          : value,
  );
}
