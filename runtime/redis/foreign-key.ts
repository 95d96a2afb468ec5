import { ConnectorError } from "../errors.ts";

/** Redis refuses the type or the number; Lua cannot unpack what is shorter than a record of ours. 6.2 says it within a sentence of its own. */
const foreign = /\bWRONGTYPE\b|data string too short|value is not an integer/;

/**
 * What to say where a key under our prefix holds what is not ours: Redis is there and answers, so that it is not gone,
 * and asking again changes nothing. Undefined for any other error.
 */
export function foreignKey(error: unknown): ConnectorError | undefined {
  if (ConnectorError.is(error)) return error;
  return error instanceof Error && foreign.test(error.message) ? foreignKeyError() : undefined;
}

export function foreignKeyError(): ConnectorError {
  return new ConnectorError({
    code: "configuration",
    phase: "configuration",
    retryable: false,
    message:
      "A key in Redis that belongs to connectorc holds what another program has written. Give connectorc a `keyPrefix` of its own, or delete the key.",
  });
}
