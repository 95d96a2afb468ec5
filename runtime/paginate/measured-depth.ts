import { ConnectorError } from "../errors.ts";
import { checkJson } from "../request/json.ts";
import { Refused } from "../request/refused.ts";

/** Throws `response_invalid` for a part of an answer that nests deeper than it could be compared or sent back. */
export function assertMeasured(value: unknown, what: string): void {
  try {
    checkJson(value);
  } catch (thrown) {
    if (!(thrown instanceof Refused)) throw thrown;
    throw new ConnectorError({
      code: "response_invalid",
      phase: "pagination",
      message: `${what} in the answer ${thrown.message}. Check \`pagination\` in the descriptor against the API.`,
    });
  }
}
