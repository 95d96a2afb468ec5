import type { Profile, ResponseRule, Step } from "../../schema/ir.ts";
import { type ConnectionContext, scopeOf } from "../connection/connection-context.ts";
import { type Credentials, secretsOf } from "../credentials/credentials.ts";
import { extractValues } from "../credentials/extract.ts";
import { fixedHolder } from "../credentials/holder.ts";
import { lifeMs } from "../credentials/life.ts";
import type { RunLoginStep } from "../credentials/login.ts";
import { compileRecipe, type MadeToken } from "../credentials/recipe.ts";
import { stepError } from "../credentials/step-error.ts";
import type { Obtained } from "../credentials/step-store.ts";
import { judgeTokenAnswer } from "../credentials/token-answer.ts";
import { Deadline } from "../deadline.ts";
import { createDestinations, type JudgeDestination } from "../destinations.ts";
import { withoutSecrets } from "../failure.ts";
import { type ExchangePlan, noOverrides, planExchange } from "../request/plan.ts";
import type { Scope, Values } from "../request/scope.ts";
import { loadPathEngines } from "../response/jsonpath.ts";
import { loadMatchers } from "../response/matcher.ts";
import { defaultRetry } from "../retry/default-rule.ts";
import { Secret } from "../secrets/secret.ts";
import { isPromise } from "../settled.ts";
import { createSigner } from "../signing/signer.ts";
import type { Exchanged } from "./call.ts";
import type { Job } from "./job.ts";
import { executeTraced } from "./traced-execute.ts";

/** A refresh serves many callers: it has a time limit of its own, and they wait for it no longer than theirs. */
const refreshMs = 30_000;

/** What one run of a step brings along. */
export interface StepExtras {
  readonly grant?: Values;
  readonly limitMs?: number;
  /** The step is for one request: asked right before it goes. */
  readonly beforeSend?: () => Promise<void>;
}

/** Makes the call of a step and reads what it gives. */
export type RunStep = (step: Step, credentials: Credentials, extras?: StepExtras) => Promise<Obtained>;

/** Runs the steps of one profile; each is planned when it first runs. */
export function stepRuns(context: ConnectionContext, profile: Profile): RunStep {
  const judge = createDestinations(profile, context.core.rules);
  const plans = new Map<Step, Planned>();
  return (step, credentials, extras = {}) => {
    const planned = plans.get(step) ?? planStep(context, step);
    plans.set(step, planned);
    return runStep({ context, profile, step, planned, judge, extras }, credentials);
  };
}

/** Runs the calls of a profile's login: each once, under what the login brings along. */
export function loginRuns(context: ConnectionContext, profile: Profile): RunLoginStep {
  const run = stepRuns(context, profile);
  // A code is good for one request.
  return (step, credentials, grant) => run(step, credentials, { grant, beforeSend: () => Promise.resolve() });
}

interface Planned {
  readonly plan: ExchangePlan;
  readonly assertion: ((scope: Scope) => MadeToken) | undefined;
}

function planStep(context: ConnectionContext, step: Step): Planned {
  const nowhere = { headers: [], query: [], cookies: [] };
  const signer = step.signer && createSigner(step.signer);
  const plan = planExchange(step.exchange, nowhere, context.ir.slug, signer);
  return step.assertion
    ? { plan: { ...plan, clocked: true }, assertion: compileRecipe(step.assertion) }
    : { plan, assertion: undefined };
}

interface StepRun {
  readonly context: ConnectionContext;
  readonly profile: Profile;
  readonly step: Step;
  readonly planned: Planned;
  readonly judge: JudgeDestination;
  readonly extras: StepExtras;
}

async function runStep(run: StepRun, credentials: Credentials): Promise<Obtained> {
  const { context, profile, step, extras } = run;
  const { core } = context;
  // Calls of any priority wait for it.
  const deadline = new Deadline(core.clock, extras.limitMs ?? refreshMs, undefined, "high");
  core.running.add(deadline);
  const made: Secret[] = [];
  try {
    await load(step, profile);
    const exchanged = await exchange(run, credentials, deadline, made);
    if (isTokenCall(step, profile)) judgeTokenAnswer(step, exchanged, core.logger);
    return obtained(run, exchanged);
  } catch (thrown) {
    const error = stepError(thrown, step, isTokenCall(step, profile));
    // Servers echo what they were sent, and what a login or a grant brings is in no holder.
    throw withoutSecrets(error, [...secretsOf(credentials), ...(extras.grant?.values() ?? []), ...made]);
  } finally {
    core.running.remove(deadline);
  }
}

/** Other steps of a grant follow the token call. */
function isTokenCall({ name }: Step, { source }: Profile): boolean {
  return source.kind === "oauth2" && (name === "token" || name === "refresh");
}

function exchange(
  { context, profile, step, planned, judge, extras }: StepRun,
  credentials: Credentials,
  deadline: Deadline,
  made: Secret[],
): Promise<Exchanged> {
  const job: Job = {
    core: context.core,
    plan: planned.plan,
    rules: {
      response: responseOf(step),
      errors: [],
      expired: profile.expired_when,
      retry: defaultRetry,
      limited: context.ir.limits.length > 0,
    },
    deadline,
    tenant: context.identity.tenant,
    credentials: fixedHolder(credentials),
    overrides: noOverrides,
    cost: 1,
    // Asking for a token a second time gives another token; a refresh token may be spent once.
    repeatable: extras.beforeSend === undefined,
    scope: (given, aheadMs) => grantScope(scopeOf(context, given, undefined, aheadMs), planned, extras, made),
    readsClock: true,
    ...(extras.beforeSend ? { beforeSend: extras.beforeSend } : {}),
    lane: (given) => context.lanes(context.authLimits, given),
    client: context.clientOf(profile),
    judgeDestination: judge,
  };
  const { slug } = context.ir;
  const { tenant } = context.identity;
  return executeTraced(job, {
    kind: "refresh",
    connector: slug,
    profile: profile.id,
    step: step.name,
    tenant,
  });
}

function obtained({ context, step }: StepRun, { answer, data, sentAt, whence }: Exchanged): Obtained {
  const { clock, clocks } = context.core;
  const { type } = step.exchange.response;
  const values = extractValues(step, answer, type === "xml" || type === "form" ? data : undefined);
  const time = {
    wall: clock.wall() + clocks.offset(whence.origin),
    elapsedMs: Math.max(0, clock.now() - sentAt),
  };
  return { values, lifeMs: lifeMs(step.life, values, time) };
}

/** An assertion is made when it is first read: every attempt signs another. */
function grantScope(scope: Scope, { assertion }: Planned, { grant }: StepExtras, made: Secret[]): Scope {
  if (!assertion) return grant ? { ...scope, grant } : scope;
  let own: Secret | undefined;
  return {
    ...scope,
    grant: {
      get: (name) => {
        if (name !== "assertion") return grant?.get(name);
        if (own) return own;
        own = new Secret(assertion(scope).token);
        made.push(own);
        return own;
      },
    },
  };
}

async function load(step: Step, profile: Profile): Promise<void> {
  const { error_message, error_code } = step.exchange.response;
  const paths = [
    ...step.extract.flatMap((extract) =>
      extract.kind === "json" ? [extract.path, ...(extract.or ?? [])] : [],
    ),
    error_message,
    error_code,
  ];
  const engines = loadPathEngines(paths.filter((path) => path !== undefined));
  if (isPromise(engines)) await engines;
  const matchers = loadMatchers(profile.expired_when);
  if (isPromise(matchers)) await matchers;
}

/** A step that reads no JSON does not insist on any: a login page may set the cookie that is wanted. */
function responseOf(step: Step): ResponseRule {
  const { response } = step.exchange;
  return step.extract.some((extract) => extract.kind === "json") ? response : { ...response, type: "binary" };
}
