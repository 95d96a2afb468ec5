import { ConnectorError } from "../errors.ts";

/** An answer that cannot be read. The message says where and what to do; the body itself is never quoted. */
export function invalidResponse(
  message: string,
  details: Readonly<Record<string, unknown>> = {},
): ConnectorError {
  return new ConnectorError({ code: "response_invalid", phase: "response", message, details });
}
