/** The errors that a wait for a rate limit can end in. */
import { ConnectorError } from "../errors.ts";
import type { Clock, LimitObject } from "../ports.ts";
import type { LaneQueue } from "./lane.ts";

/** No start before the deadline; `at`, in the clock's time, is when a new try can succeed, where that is known. */
export function rateLimited(lane: LaneQueue, at: number, clock: Clock): ConnectorError {
  const retryAt = Number.isFinite(at) ? clock.wall() + (at - clock.now()) : undefined;
  const next = retryAt === undefined ? "later" : `at ${isoTime(retryAt)}`;
  return new ConnectorError({
    code: "rate_limited",
    phase: "pacing",
    retryable: true,
    message: `Rate limit ${describe(lane.limits)} leaves no start before the deadline; try again ${next}, or allow more time.`,
    ...(retryAt === undefined ? {} : { retryAt }),
  });
}

/** As many wait as may. */
export function queueFull(lane: LaneQueue, at: number, clock: Clock): ConnectorError {
  return new ConnectorError({
    code: "queue_full",
    phase: "pacing",
    retryable: true,
    message: `${lane.size} calls already wait for rate limit ${describe(lane.limits)}; make fewer calls at once.`,
    ...(Number.isFinite(at) ? { retryAt: clock.wall() + (at - clock.now()) } : {}),
  });
}

/** The caller's signal ended the wait. */
export function waitAborted(signal: AbortSignal): ConnectorError {
  return new ConnectorError({
    code: "aborted",
    phase: "pacing",
    message: "The call was aborted before it started. Call again if it is still wanted.",
    cause: signal.reason,
  });
}

/** The runtime was closed. */
export function pacerClosed(): ConnectorError {
  return new ConnectorError({
    code: "aborted",
    phase: "pacing",
    message: "The runtime was closed before the call could start. Make a new one and call again.",
  });
}

/** A cost that no state of the limits admits; the compiler refuses such a descriptor. */
export function costTooHigh(lane: LaneQueue, cost: number): ConnectorError {
  return new ConnectorError({
    code: "configuration",
    phase: "pacing",
    message: `A request of cost ${cost} can never start under rate limit ${describe(lane.limits)}; lower the operation's cost.`,
  });
}

/** The state store failed to answer. */
export function stateFailed(cause: unknown): ConnectorError {
  if (ConnectorError.is(cause)) return cause;
  return new ConnectorError({
    code: "state_unavailable",
    phase: "pacing",
    retryable: true,
    message: "The state store that keeps the rate limits did not answer; see the cause and try again.",
    cause,
  });
}

function describe(limits: readonly LimitObject[]): string {
  return limits.map((limit) => `${limit.limit} per ${limit.intervalMs / 1000} s`).join(" and ");
}

/** Dates past the calendar's end show as a number. */
function isoTime(ms: number): string {
  return Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : String(ms);
}
