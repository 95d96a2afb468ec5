import type { Extract, Step } from "../../schema/ir.ts";
import { statusError } from "../call/status-error.ts";
import { ConnectorError } from "../errors.ts";
import type { Logger } from "../ports.ts";
import type { ReceivedAnswer } from "../request/received-answer.ts";
import { select } from "../response/jsonpath.ts";

/**
 * Judges a token answer that came with a status of success: some servers say an error in it (RFC 6749 wants 400), and
 * a `token_type` other than Bearer is sent as one all the same, with a word in the log.
 */
export function judgeTokenAnswer(
  step: Step,
  { answer, data }: { readonly answer: ReceivedAnswer; readonly data: unknown },
  logger: Logger | undefined,
): void {
  if (typeof data !== "object" || data === null) return;
  const [type] = found(step, "token_type", data);
  if (typeof type === "string" && type.toLowerCase() !== "bearer" && logger)
    logger.warn(
      { step: step.name },
      "The token answer names a token_type other than Bearer; the token is sent as the descriptor says.",
    );
  const { error_code: code, error_message: message } = step.exchange.response;
  const isError = [code, message].some((path) => path && select(path, data).some(saysSomething));
  if (!isError || found(step, "access_token", data).length > 0) return;
  const error = statusError(answer, { response: step.exchange.response, limited: false });
  throw new ConnectorError({
    code: "authentication_failed",
    phase: "response",
    message: error.message,
    status: answer.status,
    ...(error.details ? { details: error.details } : {}),
  });
}

/** What an extract of the step hits in the answer. */
function found(step: Step, name: string, data: object): unknown[] {
  const isMeant = (extract: Extract): boolean => extract.name === name;
  const extract = step.extract.find(isMeant);
  if (extract?.kind !== "json") return [];
  return [extract.path, ...(extract.or ?? [])].flatMap((path) => select(path, data).filter(saysSomething));
}

function saysSomething(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "";
}
