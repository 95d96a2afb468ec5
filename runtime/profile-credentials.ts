import type { Profile, ResponseRule, Step } from "../schema/ir.ts";
import { execute } from "./call.ts";
import { type ConnectionContext, scopeOf } from "./connection-context.ts";
import type { Credentials } from "./credentials/credentials.ts";
import { extractValues } from "./credentials/extract.ts";
import type { FieldSource } from "./credentials/field-source.ts";
import { type CredentialHolder, fieldHolder, fixedHolder, givenToken } from "./credentials/holder.ts";
import { lifeMs } from "./credentials/life.ts";
import { stepError } from "./credentials/step-error.ts";
import { StepHolder } from "./credentials/step-holder.ts";
import type { Obtained } from "./credentials/step-store.ts";
import { Deadline } from "./deadline.ts";
import { createDestinations, type JudgeDestination } from "./destinations.ts";
import { ConnectorError } from "./errors.ts";
import { type ExchangePlan, noOverrides, planExchange } from "./request/plan.ts";
import { loadPathEngines } from "./response/jsonpath.ts";
import { loadMatchers } from "./response/matcher.ts";
import { defaultRetry } from "./retry/default-rule.ts";
import { isPromise } from "./settled.ts";

/** A refresh serves many callers: it has a time limit of its own, and they wait for it no longer than theirs. */
const refreshMs = 30_000;

/** How the credentials of one profile come to be, for one connection. */
export function createHolder(
  context: ConnectionContext,
  profile: Profile,
  source: FieldSource,
): CredentialHolder {
  if (profile.mtls) return unsupportedHolder(profile, "a client certificate (mtls)");
  if (profile.placement.scheme !== undefined)
    return unsupportedHolder(profile, `signing by ${profile.placement.scheme}`);
  const from = profile.source;
  switch (from.kind) {
    case "fields":
      return fieldHolder(profile, source);
    case "chain":
      return stepHolder(context, profile, source, from.steps, from.token);
    case "oauth2":
      return from.grant === "client_credentials" && from.steps.length > 0
        ? stepHolder(context, profile, source, from.steps, from.token)
        : givenOnly(profile, source, `the OAuth grant ${from.grant}`);
    case "signed":
      return givenOnly(profile, source, `signing by ${from.scheme}`);
  }
}

function stepHolder(
  context: ConnectionContext,
  profile: Profile,
  source: FieldSource,
  steps: readonly Step[],
  token: { readonly step: string; readonly name: string },
): CredentialHolder {
  const judge = createDestinations(profile, context.core.rules);
  const plans = new Map<Step, ExchangePlan>();
  return new StepHolder({
    core: context.core,
    profile,
    steps,
    token,
    source,
    owner: { tenant: context.identity.tenant, slug: context.ir.slug },
    scope: (credentials) => scopeOf(context, credentials),
    run: (step, credentials) => {
      const plan =
        plans.get(step) ??
        planExchange(step.exchange, { headers: [], query: [], cookies: [] }, context.ir.slug);
      plans.set(step, plan);
      return runStep({ context, profile, step, plan, judge }, credentials);
    },
  });
}

interface StepRun {
  readonly context: ConnectionContext;
  readonly profile: Profile;
  readonly step: Step;
  readonly plan: ExchangePlan;
  readonly judge: JudgeDestination;
}

async function runStep(run: StepRun, credentials: Credentials): Promise<Obtained> {
  const { context, profile, step, plan, judge } = run;
  const { core } = context;
  const deadline = new Deadline(core.clock, refreshMs);
  core.running.add(deadline);
  try {
    await load(step, profile);
    const { answer } = await execute({
      core,
      plan,
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
      // Asking for a token a second time gives another token; nothing else is done twice.
      repeatable: true,
      scope: (given) => scopeOf(context, given),
      lane: (given) => context.lanes(context.authLimits, given),
      judgeDestination: judge,
    });
    const values = extractValues(step, answer);
    return { values, lifeMs: lifeMs(step.life, values, core.clock.wall()) };
  } catch (thrown) {
    throw stepError(thrown, step, profile.source.kind === "oauth2");
  } finally {
    core.running.remove(deadline);
  }
}

async function load(step: Step, profile: Profile): Promise<void> {
  const { error_message, error_code } = step.exchange.response;
  const paths = [
    ...step.extract.flatMap((extract) => (extract.kind === "json" ? [extract.path] : [])),
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

/** What the descriptor asks for and this version cannot do is refused, rather than sent without it. */
function unsupportedHolder(profile: Profile, what: string): CredentialHolder {
  return {
    ...fixedHolder(),
    current: () => {
      throw new ConnectorError({
        code: "unsupported",
        phase: "credentials",
        message: `Profile "${profile.id}" needs ${what}, which this version does not carry out. Use another profile.`,
        details: { profile: profile.id },
      });
    },
  };
}

/** A token that is given is used as it is; to obtain one is more than this version can. */
function givenOnly(profile: Profile, source: FieldSource, what: string): CredentialHolder {
  const holder = fieldHolder(profile, source);
  const check = (credentials: Credentials): Credentials => {
    if (givenToken(profile, credentials.fields) !== undefined) return credentials;
    throw new ConnectorError({
      code: "unsupported",
      phase: "credentials",
      message: `Profile "${profile.id}" needs ${what}, which this version does not carry out. Obtain a token elsewhere and give it as \`access_token\`.`,
      details: { profile: profile.id },
    });
  };
  return {
    ...holder,
    current: () => {
      const credentials = holder.current();
      return isPromise(credentials) ? credentials.then(check) : check(credentials);
    },
  };
}
