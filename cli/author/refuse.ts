import { ConnectorError } from "../../runtime/errors.ts";

/** A call that cannot be carried out as it was made; `message` says what to do. */
export function refusal(message: string, argument?: string): ConnectorError {
  return new ConnectorError({
    code: "invalid_parameters",
    phase: "request",
    message,
    ...(argument === undefined ? {} : { details: { argument } }),
  });
}
