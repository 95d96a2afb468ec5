/** What an answer means for a call. */
import type { ExchangePlan, MatcherPlan, ProfilePlan, RetryPlan } from "../../schema/standalone-plan.ts";
import { parseRetryAfter } from "../retry/retry-after.ts";
import { type Answer, decode, inRanges, matches, saidBy } from "./answer.ts";
import { amended, ConnectorError, type ErrorFields, failure } from "./errors.ts";
import { planHas } from "./plan-has.ts";
import { cutShort, type Fault } from "./transport.ts";
import type { World } from "./world.ts";

/** What an answer is judged by. */
export interface AnswerRules {
  readonly world: World;
  readonly exchange: ExchangePlan;
  readonly profile: ProfilePlan | undefined;
}

export const usualRetry: RetryPlan = [3, [408, 425, 429, 500, 502, 503, 504], 100, 20_000];

/** A success with what it brings, or a fault. */
export type Verdict = { readonly error?: undefined; readonly data: unknown } | Fault;

/** The author's rules in order, then refusal of the credential, then `success_status`, then the retry statuses. */
export function judged({ exchange, profile, world: { clock } }: AnswerRules, answer: Answer): Verdict {
  const { status, headers } = answer;
  const { errors = [], retry = usualRetry } = exchange;
  const rule = planHas.errors ? errors.find(({ when }) => matches(when, answer)) : undefined;
  const expired: readonly MatcherPlan[] = profile?.expired ?? [];
  const isRefused =
    planHas.errors && rule
      ? rule.action === "refresh_credentials"
      : status === 401 || (planHas.expired && expired.some((matcher) => matches(matcher, answer)));
  const isIgnored = planHas.errors && rule?.action === "ignore";
  if (isIgnored || !(isRefused || (planHas.errors && rule) || !inRanges(status, exchange.ok)))
    return read(exchange, answer, isIgnored);
  const waitMs = parseRetryAfter(headers.get("retry-after"), clock.wall());
  const said: Partial<ErrorFields> = {
    retryAt: waitMs === undefined ? undefined : Math.ceil(clock.wall() + waitMs),
    ...(isRefused ? { code: "authentication_failed" } : {}),
  };
  if (planHas.errors && rule) {
    const { action, when: _, ...declared } = rule;
    const isPassing = action === "retry";
    return {
      error: statusError(answer, exchange, {
        ...said,
        ...(isPassing ? { retryable: true } : {}),
        ...declared,
      }),
      refused: isRefused,
      passing: isPassing,
      // Where the author says "retry": a 4xx refuses the request, and 503 declares that it was not taken up.
      unsent: status === 503 || (status >= 400 && status < 500),
      waitMs,
    };
  }
  return {
    error: statusError(answer, exchange, said),
    refused: isRefused,
    passing: !isRefused && (planHas.retry ? retry : usualRetry)[1].includes(status),
    unsent: status === 429,
    waitMs,
  };
}

/** The body; where nothing but the end of the connection ended one that does not parse, it was cut. */
function read({ type = "json" }: ExchangePlan, answer: Answer, isIgnored: boolean): Verdict {
  const { status, url, open } = answer;
  try {
    return { data: decode(type, answer) };
  } catch (thrown) {
    if (!ConnectorError.is(thrown) || thrown.code !== "response_invalid") throw thrown;
    if (planHas.errors && isIgnored) return { data: null };
    if (open) return cutShort(url, status);
    throw amended(thrown, { status, requestId: requestIdOf(answer) });
  }
}

const requestIdHeaders =
  "x-request-id request-id x-amzn-requestid x-amz-request-id x-correlation-id x-trace-id x-github-request-id cf-ray";

/** The server's own name for this request, bounded and printable. */
export function requestIdOf({ headers }: Answer): string | undefined {
  return requestIdHeaders
    .split(" ")
    .map((name) => headers.get(name))
    .find((value) => value !== undefined && /^[\x21-\x7e]{1,200}$/.test(value));
}

/** The error for an answer that is none of the declared successes: what the server said and what to do next. */
export function statusError(
  answer: Answer,
  exchange: Pick<ExchangePlan, "message" | "code">,
  declared: Partial<ErrorFields>,
): ConnectorError {
  const { status } = answer;
  const { message, code } = saidBy(answer, exchange);
  const spoken = message === undefined ? "" : `: ${message.replace(/[.\s]+$/, "")}`;
  const [usual, advice] = told[status] ?? ["upstream_error", adviceFor(status)];
  return failure(usual, `the server answered ${status}${spoken}. ${advice}`, {
    retryable: status === 408 || status === 425 || status === 429 || status >= 500,
    status,
    requestId: requestIdOf(answer),
    details: {
      ...(message === undefined ? {} : { server_message: message }),
      ...(code === undefined ? {} : { server_code: code }),
    },
    ...declared,
    phase: "response",
  });
}

const told: Readonly<Record<number, readonly [code: string, advice: string]>> = {
  401: ["authentication_failed", "Check the credentials."],
  403: ["permission_denied", "Check the permissions of the credentials."],
  429: ["rate_limited", "Try again later."],
};

function adviceFor(status: number): string {
  if (status >= 500) return "Try again later.";
  return status < 400 ? "Check the URL." : "Check the parameters and the URL.";
}
