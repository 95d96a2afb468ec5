import type { Limit } from "../schema/ir.ts";
import type { Core } from "./core.ts";
import type { ActiveLimit, CallLane } from "./limits.ts";
import type { ResponseHeaders } from "./ports.ts";
import { parseRetryAfter } from "./retry/retry-after.ts";

/** Tells the pacer what an answer said of the limits: what remains, until when to hold. */
export function tellPacer(
  core: Core,
  lane: CallLane | undefined,
  answer: { readonly status: number; readonly headers: ResponseHeaders },
): void {
  if (!lane) return;
  let held = false;
  for (const limit of lane.limits) {
    const said = saidOf(limit, answer.headers, core);
    if (!said) continue;
    core.pacer.feedback(limit.object, said);
    held ||= said.remaining === 0;
  }
  const [narrowest] = lane.limits;
  // Without a header that says which limit was hit, it is the narrowest.
  if (!narrowest || held || (answer.status !== 429 && answer.status !== 503)) return;
  const { clock, pacer } = core;
  const retryAfterMs = parseRetryAfter(answer.headers.get("retry-after"), clock.wall());
  if (retryAfterMs !== undefined) pacer.feedback(narrowest.object, { holdUntil: clock.now() + retryAfterMs });
}

function saidOf(
  limit: ActiveLimit,
  headers: ResponseHeaders,
  core: Core,
): { remaining?: number; resetAt?: number } | undefined {
  const rule = limit.rule.response_headers;
  if (!rule) return undefined;
  const remaining = count(
    rule.remaining === undefined ? undefined : headers.get(rule.remaining.toLowerCase()),
  );
  const resetAt = rule.reset
    ? resetTime(headers.get(rule.reset.header.toLowerCase()), rule.reset.unit, core)
    : undefined;
  if (remaining === undefined && resetAt === undefined) return undefined;
  return { ...(remaining === undefined ? {} : { remaining }), ...(resetAt === undefined ? {} : { resetAt }) };
}

function count(text: string | undefined): number | undefined {
  return text !== undefined && /^\s*\d{1,15}(\.\d+)?\s*$/.test(text) ? Math.floor(Number(text)) : undefined;
}

type ResetUnit = NonNullable<NonNullable<Limit["response_headers"]>["reset"]>["unit"];

/** clock.now() time of a reset. */
function resetTime(text: string | undefined, unit: ResetUnit, core: Core): number | undefined {
  if (text === undefined) return undefined;
  const { clock } = core;
  if (unit === "date") {
    const date = Date.parse(text);
    return Number.isNaN(date) ? undefined : clock.now() + Math.max(0, date - clock.wall());
  }
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (!Number.isFinite(value) || value < 0) return undefined;
  switch (unit) {
    case "seconds":
      return clock.now() + value * 1000;
    case "milliseconds":
      return clock.now() + value;
    case "epoch_seconds":
      return clock.now() + Math.max(0, value * 1000 - clock.wall());
    case "epoch_milliseconds":
      return clock.now() + Math.max(0, value - clock.wall());
  }
}
