import type { ErrorRule, Matcher, ResponseRule, RetryRule } from "../../schema/ir.ts";
import type { ConnectorError } from "../errors.ts";
import type { Answer } from "../response/answer.ts";
import { inRanges, matches } from "../response/matcher.ts";
import { statusError } from "./status-error.ts";

/** What an answer means for the call. */
export type Verdict =
  /** `ignored`: an `errors` rule took it for a success, so its body need not be what the descriptor says. */
  | { readonly kind: "accepted"; readonly ignored: boolean }
  /** The credential is refused: renew it once, replay once. */
  | { readonly kind: "refused"; readonly error: ConnectorError }
  /** Worth another attempt. `nothingDone`: the answer says that the request had no effect, so even a write may go again. */
  | { readonly kind: "passing"; readonly error: ConnectorError; readonly nothingDone: boolean }
  | { readonly kind: "failed"; readonly error: ConnectorError };

/** The rules by which the answers of one exchange are judged. */
export interface AnswerRules {
  readonly response: ResponseRule;
  readonly errors: readonly ErrorRule[];
  readonly expired: readonly Matcher[];
  readonly retry: RetryRule;
  /** The connector declares rate limits. */
  readonly limited: boolean;
}

const accepted: Verdict = { kind: "accepted", ignored: false };

function isExpired(answer: Answer, expired: readonly Matcher[]): boolean {
  return expired.some((matcher) => matches(matcher, answer));
}

/** The author's `errors` in order, then refusal of the credential, then `success_status`, then the retry statuses. */
export function judgeAnswer(answer: Answer, rules: AnswerRules): Verdict {
  for (const rule of rules.errors) if (matches(rule.when, answer)) return byRule(answer, rule, rules);
  const { status } = answer;
  if (status === 401 || (rules.expired.length > 0 && isExpired(answer, rules.expired))) {
    return { kind: "refused", error: statusError(answer, rules, { code: "authentication_failed" }) };
  }
  if (inRanges(status, rules.response.success_status))
    return answer.fault ? { kind: "failed", error: answer.fault } : accepted;
  const error = statusError(answer, rules);
  if (rules.retry.on_status.includes(status)) return { kind: "passing", error, nothingDone: status === 429 };
  return { kind: "failed", error };
}

function byRule(answer: Answer, rule: ErrorRule, rules: AnswerRules): Verdict {
  const declared = {
    ...(rule.code === undefined ? {} : { code: rule.code }),
    ...(rule.message === undefined ? {} : { message: rule.message }),
  };
  switch (rule.action) {
    case "ignore":
      return { kind: "accepted", ignored: true };
    case "refresh_credentials":
      return {
        kind: "refused",
        error: statusError(answer, rules, { code: "authentication_failed", ...declared }),
      };
    case "retry":
      return {
        kind: "passing",
        error: statusError(answer, rules, declared).with({ retryable: true }),
        nothingDone: declaresNothingDone(answer.status),
      };
    case "fail":
      return { kind: "failed", error: statusError(answer, rules, declared) };
  }
}

/** Where the author says "retry": a 4xx refuses the request, and 503 declares that it was not taken up. */
function declaresNothingDone(status: number): boolean {
  return status === 503 || (status >= 400 && status < 500);
}
