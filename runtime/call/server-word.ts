import type { ActiveLimit, CallLane } from "../connection/limits.ts";
import type { Core } from "../core.ts";
import { countIn, type Quota, refusedForMs, resetInMs, standardQuotas } from "../pacing/rate-headers.ts";
import type { ResponseHeaders, Said } from "../ports.ts";
import { parseRetryAfter } from "../retry/retry-after.ts";

/** A 429 that does not say for how long holds the limit for a tenth of its interval, and no longer than this. */
const longestBareHoldMs = 1_000;

/** Tells the pacer what an answer said of the limits: what remains, until when to hold. */
export function tellPacer(
  core: Core,
  lane: CallLane | undefined,
  answer: { readonly status: number; readonly headers: ResponseHeaders },
): void {
  if (!lane) return;
  const isHeld = tellQuotas(core, lane.limits, answer.headers);
  const [narrowest] = lane.limits;
  // Without a header that says which limit was hit, it is the narrowest.
  if (!narrowest || isHeld || (answer.status !== 429 && answer.status !== 503)) return;
  const { clock, pacer } = core;
  const waitMs = holdMs(answer, narrowest, clock.wall());
  if (waitMs !== undefined) pacer.feedback(narrowest.object, { holdUntil: clock.now() + waitMs });
}

/** True where a limit has nothing left. */
function tellQuotas(core: Core, limits: readonly ActiveLimit[], headers: ResponseHeaders): boolean {
  let isHeld = false;
  const tell = (limit: ActiveLimit, said: Said): void => {
    core.pacer.feedback(limit.object, said);
    isHeld ||= said.remaining === 0;
  };
  const declaring = limits.filter(({ rule }) => rule.response_headers !== undefined);
  for (const limit of declaring) {
    const said = declaredWord(limit, headers, core);
    if (said) tell(limit, said);
  }
  // The descriptor's author knows better than a standard which limit a header is about.
  if (declaring.length > 0) return isHeld;
  for (const quota of standardQuotas(headers)) {
    const limit = limitOf(quota, limits);
    if (limit) tell(limit, standardWord(quota, core));
  }
  return isHeld;
}

/** The limit that has the quota's window, or the only one where nothing is said of windows. */
function limitOf({ windowMs }: Quota, limits: readonly ActiveLimit[]): ActiveLimit | undefined {
  if (windowMs === undefined) return limits.length === 1 ? limits[0] : undefined;
  return limits.find(({ object }) => Math.abs(object.intervalMs - windowMs) < 1);
}

function standardWord({ remaining, resetMs }: Quota, { clock }: Core): Said {
  return { remaining, ...(resetMs === undefined ? {} : { resetAt: clock.now() + resetMs }) };
}

function declaredWord({ rule }: ActiveLimit, headers: ResponseHeaders, { clock }: Core): Said | undefined {
  const names = rule.response_headers;
  if (!names) return undefined;
  const remaining =
    names.remaining === undefined ? undefined : countIn(headers.get(names.remaining.toLowerCase()));
  const resetMs = names.reset
    ? resetInMs(headers.get(names.reset.header.toLowerCase()), names.reset.unit, clock.wall())
    : undefined;
  if (remaining === undefined && resetMs === undefined) return undefined;
  return {
    ...(remaining === undefined ? {} : { remaining }),
    ...(resetMs === undefined ? {} : { resetAt: clock.now() + resetMs }),
  };
}

/** How long a refusal holds a limit back, from what says it best to what says it least. */
function holdMs(
  { status, headers }: { readonly status: number; readonly headers: ResponseHeaders },
  { object }: ActiveLimit,
  wall: number,
): number | undefined {
  const said = parseRetryAfter(headers.get("retry-after"), wall);
  if (said !== undefined) return said;
  if (status !== 429) return undefined;
  // Fields that nobody has declared may be about another window: they hold for no longer than this limit's.
  const guessed = refusedForMs(headers, wall);
  if (guessed !== undefined) return Math.min(guessed, object.intervalMs);
  return Math.min(longestBareHoldMs, object.intervalMs / 10);
}
