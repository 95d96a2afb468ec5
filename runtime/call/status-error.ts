import { ConnectorError, type ErrorCode } from "../errors.ts";
import type { ResponseHeaders } from "../ports.ts";
import type { Answer } from "../response/answer.ts";
import { mineError } from "../response/mine-error.ts";
import type { AnswerRules } from "./verdict.ts";

/** Headers in which servers name a request, the usual first. */
const requestIdHeaders: readonly string[] = [
  "x-request-id",
  "request-id",
  "x-amzn-requestid",
  "x-amz-request-id",
  "x-correlation-id",
  "x-trace-id",
  "x-github-request-id",
  "cf-ray",
];

/** The server's own name for this request, bounded and printable. */
export function requestIdOf(headers: ResponseHeaders): string | undefined {
  for (const name of requestIdHeaders) {
    const value = headers.get(name);
    if (value !== undefined && /^[\x21-\x7e]{1,200}$/.test(value)) return value;
  }
  return undefined;
}

/** Overrides of an `errors` rule. */
export interface Declared {
  readonly code?: string;
  readonly message?: string;
}

/** The error for an answer that is none of the declared successes: what the server said and what to do next. */
export function statusError(
  answer: Answer,
  rules: Pick<AnswerRules, "response" | "limited">,
  declared: Declared = {},
): ConnectorError {
  const { status } = answer;
  const said = mineError(answer, rules.response);
  const spoken = said.message === undefined ? "" : `: ${said.message.replace(/[.\s]+$/, "")}`;
  const requestId = requestIdOf(answer.headers);
  const details = {
    ...(said.message === undefined ? {} : { server_message: said.message }),
    ...(said.code === undefined ? {} : { server_code: said.code }),
  };
  return new ConnectorError({
    code: declared.code ?? codeOf(status),
    phase: "response",
    retryable: isPassing(status),
    message:
      declared.message ?? `the server answered ${status}${spoken}. ${adviceFor(status, rules.limited)}`,
    status,
    details,
    ...(requestId === undefined ? {} : { requestId }),
  });
}

/** Statuses after which a later try can succeed. */
export function isPassing(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || status >= 500;
}

function codeOf(status: number): ErrorCode {
  if (status === 401) return "authentication_failed";
  if (status === 403) return "permission_denied";
  if (status === 429) return "rate_limited";
  return "upstream_error";
}

function adviceFor(status: number, limited: boolean): string {
  if (status === 401) return "Check the credentials of the connection.";
  if (status === 403) return "Give the credential the permission that this needs, or use another one.";
  if (status === 404 || status === 410)
    return "Check the identifiers in the parameters and the settings in the URL.";
  if (status === 429)
    return limited
      ? "Try again later; if it comes again, the server allows less than `rate_limits` declares, or others use the same quota."
      : "Call less often, or declare the limit under `rate_limits`.";
  if (status >= 500) return "The server failed; try again later.";
  if (status >= 300 && status < 400)
    return "Redirects are followed only for GET and HEAD on the same origin. Name the final address in the descriptor.";
  if (status < 300)
    return "Check `success_status` and `errors` in the descriptor, which do not take this for a success.";
  return "Check the parameters.";
}
