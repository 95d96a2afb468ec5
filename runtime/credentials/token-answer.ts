import type { Step } from "../../schema/ir.ts";
import { ConnectorError } from "../errors.ts";
import type { Logger } from "../ports.ts";
import type { ReceivedAnswer } from "../request/received-answer.ts";
import { statusError } from "../status-error.ts";

/**
 * Judges a token answer that came with a status of success: some servers say `error` in it (RFC 6749 wants 400), and
 * a `token_type` other than Bearer is sent as one all the same, with a word in the log.
 */
export function judgeTokenAnswer(
  step: Step,
  { answer, data }: { readonly answer: ReceivedAnswer; readonly data: unknown },
  logger: Logger | undefined,
): void {
  if (typeof data !== "object" || data === null) return;
  const type: unknown = Reflect.get(data, "token_type");
  if (typeof type === "string" && type.toLowerCase() !== "bearer" && logger)
    logger.warn(
      { step: step.name },
      "The token answer names a token_type other than Bearer; the token is sent as the descriptor says.",
    );
  if (typeof Reflect.get(data, "error") !== "string" || Reflect.get(data, "access_token") !== undefined)
    return;
  const error = statusError(answer, { response: step.exchange.response, limited: false });
  throw new ConnectorError({
    code: "authentication_failed",
    phase: "response",
    message: error.message,
    status: answer.status,
    ...(error.details ? { details: error.details } : {}),
  });
}
