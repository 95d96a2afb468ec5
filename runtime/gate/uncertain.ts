import { ConnectorError, type Phase } from "../errors.ts";

/** In these stages no byte of the request has left. */
const before: ReadonlySet<Phase> = new Set([
  "configuration",
  "parameters",
  "credentials",
  "destination",
  "pacing",
]);

/** True where a failed call may have been carried out: it was sent, and no answer says that it was refused. */
export function leavesOpen(error: unknown): boolean {
  if (!ConnectorError.is(error)) return true;
  const { status, phase } = error;
  if (status !== undefined && status >= 400 && status < 500) return false;
  return !before.has(phase);
}
