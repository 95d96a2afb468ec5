/** Whose limits a call counts against, and what answers say of them. */
import type { LimitPlan, Plan } from "../../schema/standalone-plan.ts";
import { resetInMs } from "../pacing/rate-headers.ts";
import { parseRetryAfter } from "../retry/retry-after.ts";
import type { Answer } from "./answer.ts";
import type { Credentials } from "./credentials.ts";
import type { Quota, Said } from "./pacer.ts";
import { planHas } from "./plan-has.ts";
import type { ConnectOptions } from "./types.ts";
import type { World } from "./world.ts";

/** Finds the quotas of limits by their indexes, the narrowest first. */
export type QuotasOf = (limits: readonly number[], credentials: Credentials) => readonly Quota[];

type Owner = (identity: ConnectOptions["identity"], credentials: Credentials) => string | undefined;

/** Undefined where it is the connection itself. */
const owners: { readonly [Scope in LimitPlan["scope"]]: Owner } = {
  per_account: (identity) => identity?.account,
  per_user: (identity) => identity?.user,
  per_connection: () => undefined,
  per_token: (_, { fields, values }) => {
    const sent = values.has("t:") ? [values.get("t:")] : [...fields.values()];
    return sent.length === 0 ? undefined : JSON.stringify(sent);
  },
};

export function limitsOf(plan: Plan, identity: ConnectOptions["identity"], connection: string): QuotasOf {
  const tenant = identity?.tenant ?? "default";
  return (limits, credentials) =>
    limits.map((at) => {
      const rule = plan.limits?.[at] as LimitPlan;
      const { name, scope, limit, seconds, burst = 0, concurrent, smooth = false, shared } = rule;
      const mine = planHas.shared && shared && scope !== "per_connection" ? "*" : connection;
      const payer = planHas.shared && shared ? "*" : tenant;
      const owner = owners[scope](identity, credentials) ?? mine;
      return {
        key: JSON.stringify([payer, plan.slug, name, scope, seconds, owner]),
        limit,
        intervalMs: seconds * 1000,
        ...(planHas.buckets ? { burst, smooth } : ({} as { burst: number; smooth: boolean })),
        ...(planHas.concurrent && concurrent !== undefined ? { maxConcurrent: concurrent } : {}),
      };
    });
}

function remainingIn(
  headers: Answer["headers"],
  rule: LimitPlan | undefined,
  clock: World["clock"],
): Said | undefined {
  const text = rule?.remaining === undefined ? "" : headers.get(rule.remaining);
  if (!/^\s*\d{1,15}/.test(text ?? "")) return undefined;
  const resetMs = rule?.reset && resetInMs(headers.get(rule.reset[0]), rule.reset[1], clock.wall());
  const remaining = Number.parseInt(text ?? "", 10);
  return resetMs === undefined ? { remaining } : { remaining, resetAt: clock.now() + resetMs };
}

/** A 429 that does not say for how long holds the limit for a tenth of its interval, and no longer than this. */
const longestBareHoldMs = 1_000;

/** Tells the pacer what an answer said: what remains by the headers that the descriptor names, until when to hold. */
export function tellPacer(
  { clock, pacer }: World,
  plan: Plan,
  limits: readonly number[],
  quotas: readonly Quota[],
  { status, headers }: Answer,
): void {
  let isHeld = false;
  if (planHas.remaining)
    for (const [at, quota] of quotas.entries()) {
      const said = remainingIn(headers, plan.limits?.[limits[at] ?? 0], clock);
      if (!said) continue;
      isHeld ||= said.remaining === 0;
      pacer.feedback(quota, said);
    }
  // Without a header that says which limit was hit, it is the narrowest.
  const [narrowest] = quotas;
  if (!narrowest || (planHas.remaining && isHeld) || (status !== 429 && status !== 503)) return;
  const bareMs = status === 429 ? Math.min(longestBareHoldMs, narrowest.intervalMs / 10) : 0;
  const holdMs = parseRetryAfter(headers.get("retry-after"), clock.wall()) ?? bareMs;
  if (holdMs > 0) pacer.feedback(narrowest, { holdUntil: clock.now() + holdMs });
}
