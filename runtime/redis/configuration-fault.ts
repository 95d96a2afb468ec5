/** Errors of a Redis that is there and answers, which asking again does not change: it is not left for them. */
import { ConnectorError } from "../errors.ts";

/** Redis refuses the type or the number; Lua cannot unpack what is shorter than a record of ours. 6.2 says it within a sentence of its own. */
const foreignKey = /\bWRONGTYPE\b|data string too short|value is not an integer/;
/** What a user may not do within a script that the user may run; 7.0 and later, and 6.2. */
const missingRight = /ACL failure in script|user executing the script can't/;

/** What to say where a key is not ours or a right is missing. Undefined for any other error. */
export function configurationFault(error: unknown): ConnectorError | undefined {
  if (ConnectorError.is(error)) return error;
  if (!(error instanceof Error)) return undefined;
  if (foreignKey.test(error.message)) return foreignKeyError();
  if (missingRight.test(error.message))
    return fault(
      "The user of Redis may run the scripts of connectorc, but not all commands that they call. Give it the rights that docs/fleet.md lists.",
    );
  return undefined;
}

/** A key under our prefix holds what is not ours. */
export function foreignKeyError(): ConnectorError {
  return fault(
    "A key in Redis that belongs to connectorc holds what another program has written. Give connectorc a `keyPrefix` of its own, or delete the key.",
  );
}

function fault(message: string): ConnectorError {
  return new ConnectorError({ code: "configuration", phase: "configuration", retryable: false, message });
}
