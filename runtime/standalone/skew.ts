/**
 * How far the clocks of servers are from ours, by the `Date` of their answers (RFC 9110, section 6.6.1). Only what a server
 * judges by its own clock is told in its time: signatures, assertions, ends of tokens.
 */
import type { Answer } from "./answer.ts";
import type { World } from "./world.ts";

/** A difference below this is no skew: `Date` has whole seconds, and answers take their time. */
const shortestSkewMs = 30_000;

export function learnClock(
  { clock, ahead }: World,
  origin: string,
  { headers }: Answer,
  sentAt: number,
): void {
  const date = Date.parse(headers.get("date") ?? "");
  // What a cache gives is as old as `Age` says.
  if (!Number.isFinite(date) || headers.get("age") !== undefined) return;
  const skew = date + 500 - (clock.wall() - (clock.now() - sentAt) / 2);
  if (Math.abs(skew) < shortestSkewMs) ahead.delete(origin);
  else ahead.set(origin, Math.round(skew));
}

/** A refusal by a server whose clock is far from the one that the request was made for. */
export function differs({ ahead }: World, origin: string, status: number, assumed: number): boolean {
  const isRefusal = status === 400 || status === 401 || status === 403;
  return isRefusal && Math.abs((ahead.get(origin) ?? 0) - assumed) >= shortestSkewMs;
}
