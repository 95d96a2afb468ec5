import type { Step } from "../../schema/ir.ts";
import { ConnectorError } from "../errors.ts";
import { isPermanent } from "./step-failures.ts";

/** Failures that keep their own code: they say more than that a step failed. */
const kept: ReadonlySet<string> = new Set([
  "network_error",
  "destination_blocked",
  "deadline_exceeded",
  "aborted",
  "rate_limited",
  "queue_full",
  "state_unavailable",
  "response_too_large",
  "missing_credential",
  "configuration",
  "internal",
]);

/** The error of one step: which step, of what, and what the server said. */
export function stepError(thrown: unknown, step: Step, oauth: boolean): ConnectorError {
  const error = ConnectorError.is(thrown) ? thrown : internalError();
  const what = oauth ? "The token call" : `Step "${step.name}" of the credential chain`;
  const refused = error.code === "authentication_failed";
  const code = kept.has(error.code)
    ? error.code
    : oauth && (refused || isPermanent(error))
      ? "authentication_failed"
      : "chain_step_failed";
  return error.with({
    code,
    phase: "credentials",
    message: `${what} failed: ${error.message}`,
    details: { step: step.name, ...(refused ? { refused: true } : {}) },
  });
}

function internalError(): ConnectorError {
  return new ConnectorError({
    code: "internal",
    phase: "credentials",
    message: "an unexpected fault inside the runtime. Please report it.",
  });
}
