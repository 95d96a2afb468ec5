import type { Profile, TestExchange } from "../../schema/ir.ts";
import { execute } from "../call/call.ts";
import type { AnswerRules } from "../call/verdict.ts";
import type { CredentialHolder } from "../credentials/holder.ts";
import type { Deadline } from "../deadline.ts";
import { createDestinations } from "../destinations.ts";
import { ConnectorError } from "../errors.ts";
import { noOverrides, planExchange } from "../request/plan.ts";
import { loadPathEngines } from "../response/jsonpath.ts";
import { loadMatchers } from "../response/matcher.ts";
import { defaultRetry } from "../retry/default-rule.ts";
import { type ConnectionContext, scopeOf } from "./connection-context.ts";

/** Tries a profile's credentials: by its `test_endpoint`, else, where a token has to be obtained, by obtaining it. */
export async function checkProfile(
  context: ConnectionContext,
  profile: Profile,
  holder: CredentialHolder,
  deadline: Deadline,
): Promise<{ readonly status?: number }> {
  const { test } = profile;
  if (test) return callTest(context, profile, test, holder, deadline);
  if (profile.source.kind === "fields" && profile.type !== "none") throw nothingToCall();
  await deadline.race(Promise.resolve(holder.current()));
  return {};
}

async function callTest(
  context: ConnectionContext,
  profile: Profile,
  test: TestExchange,
  holder: CredentialHolder,
  deadline: Deadline,
): Promise<{ readonly status: number }> {
  const { core, ir, identity } = context;
  const { method, response } = test.exchange;
  await Promise.all([loadMatchers(profile.expired_when), loadPathEngines(errorPaths(response))]);
  const judge = createDestinations(profile, core.rules);
  const { answer, hops } = await execute({
    core,
    plan: planExchange(test.exchange, test.placement, ir.slug, context.signerOf(profile)),
    rules: rulesOf(profile, test, ir.limits.length > 0),
    deadline,
    tenant: identity.tenant,
    credentials: holder,
    overrides: noOverrides,
    cost: 1,
    repeatable: method === "GET" || method === "HEAD",
    scope: (credentials, aheadMs) => scopeOf(context, credentials, undefined, aheadMs),
    lane: (credentials) => context.lanes(context.authLimits, credentials),
    client: context.clientOf(profile),
    judgeDestination: judge,
  });
  if (hops > 0 && /^\s*text\/html\b/i.test(answer.headers.get("content-type") ?? ""))
    throw loginPage(answer.status);
  return { status: answer.status };
}

/** Only the status is judged: what a check answers is nobody's data. */
function rulesOf(profile: Profile, test: TestExchange, limited: boolean): AnswerRules {
  const expected = { from: test.expected_status, to: test.expected_status };
  return {
    response: { ...test.exchange.response, type: "binary", success_status: [expected] },
    errors: [],
    expired: profile.expired_when,
    retry: defaultRetry,
    limited,
  };
}

function errorPaths({
  error_message,
  error_code,
}: AnswerRules["response"]): NonNullable<typeof error_message>[] {
  return [error_message, error_code].filter((path) => path !== undefined);
}

function nothingToCall(): ConnectorError {
  return new ConnectorError({
    code: "unsupported",
    phase: "configuration",
    message: "The profile has no `test_endpoint`. Add one to the descriptor, or call an operation.",
  });
}

/** Web applications send whoever is not known to a login page, which is served with status 200. */
function loginPage(status: number): ConnectorError {
  return new ConnectorError({
    code: "authentication_failed",
    phase: "response",
    message:
      "the test endpoint redirected to an HTML page, perhaps a login page. Check the credentials, or name an endpoint that answers by itself.",
    status,
  });
}
