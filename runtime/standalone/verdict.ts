/** What an answer means for a call. */
import type {
  ExchangePlan,
  MatcherPlan,
  Plan,
  ProfilePlan,
  RetryPlan,
  RulePlan,
} from "../../schema/standalone-plan.ts";
import { type Answer, inRanges, matches, saidBy } from "./answer.ts";
import { type ConnectorError, type ErrorFields, failure } from "./errors.ts";
import { planHas } from "./plan-has.ts";

/** What an answer is judged by. */
export interface AnswerRules {
  readonly plan: Plan;
  readonly exchange: ExchangePlan;
  readonly profile: ProfilePlan | undefined;
  readonly retry: RetryPlan;
  readonly errors: readonly RulePlan[];
}

export interface Verdict {
  readonly error?: ConnectorError;
  /** The credential is refused. */
  readonly refused?: boolean;
  /** Worth another attempt. */
  readonly passing?: boolean;
  /** The request had no effect. */
  readonly unsent?: boolean;
  /** A rule took the answer for a success. */
  readonly ignored?: boolean;
}

/** The author's rules in order, then refusal of the credential, then `success_status`, then the retry statuses. */
export function judged({ exchange, errors, profile, retry, plan }: AnswerRules, answer: Answer): Verdict {
  const { status } = answer;
  const isLimited = plan.limits !== undefined;
  const rule = planHas.errors ? errors.find(({ when }) => matches(when, answer)) : undefined;
  if (planHas.errors && rule) {
    const { action, code, message } = rule;
    if (action === "ignore") return { ignored: true };
    const isRefused = action === "refresh_credentials";
    const error = statusError(answer, exchange, isLimited, {
      ...(isRefused ? { code: "authentication_failed" } : {}),
      ...(code === undefined ? {} : { code }),
      ...(message === undefined ? {} : { message }),
      ...(action === "retry" ? { retryable: true } : {}),
    });
    // Where the author says "retry": a 4xx refuses the request, and 503 declares that it was not taken up.
    const unsent = status === 503 || (status >= 400 && status < 500);
    return { error, refused: isRefused, passing: action === "retry", unsent };
  }
  const expired: readonly MatcherPlan[] = profile?.expired ?? [];
  if (status === 401 || (planHas.expired && expired.some((matcher) => matches(matcher, answer))))
    return {
      error: statusError(answer, exchange, isLimited, { code: "authentication_failed" }),
      refused: true,
    };
  if (inRanges(status, exchange.ok ?? [[200, 299]])) return {};
  const error = statusError(answer, exchange, isLimited);
  return { error, passing: retry[1].includes(status), unsent: status === 429 };
}

const requestIdHeaders =
  "x-request-id request-id x-amzn-requestid x-amz-request-id x-correlation-id x-trace-id x-github-request-id cf-ray";

/** The server's own name for this request, bounded and printable. */
export function requestIdOf({ headers }: Answer): string | undefined {
  for (const name of requestIdHeaders.split(" ")) {
    const value = headers.get(name);
    if (value !== undefined && /^[\x21-\x7e]{1,200}$/.test(value)) return value;
  }
  return undefined;
}

/** The error for an answer that is none of the declared successes: what the server said and what to do next. */
export function statusError(
  answer: Answer,
  exchange: Pick<ExchangePlan, "message" | "code">,
  isLimited: boolean,
  declared: Partial<ErrorFields> = {},
): ConnectorError {
  const { status } = answer;
  const { message, code } = saidBy(answer, exchange);
  const spoken = message === undefined ? "" : `: ${message.replace(/[.\s]+$/, "")}`;
  const usual =
    status === 401
      ? "authentication_failed"
      : status === 403
        ? "permission_denied"
        : status === 429
          ? "rate_limited"
          : "upstream_error";
  return failure(usual, `the server answered ${status}${spoken}. ${adviceFor(status, isLimited)}`, {
    phase: "response",
    retryable: status === 408 || status === 425 || status === 429 || status >= 500,
    status,
    requestId: requestIdOf(answer),
    details: {
      ...(message === undefined ? {} : { server_message: message }),
      ...(code === undefined ? {} : { server_code: code }),
    },
    ...declared,
  });
}

function adviceFor(status: number, isLimited: boolean): string {
  if (status === 401) return "Check the credentials of the connection.";
  if (status === 403) return "Give the credential the permission that this needs, or use another one.";
  if (status === 404 || status === 410)
    return "Check the identifiers in the parameters and the settings in the URL.";
  if (status === 429)
    return isLimited
      ? "Try again later; the server allows less than `rate_limits` declares."
      : "Call less often.";
  if (status >= 500) return "The server failed; try again later.";
  return status < 400 ? "Check the URL and `success_status` in the descriptor." : "Check the parameters.";
}
