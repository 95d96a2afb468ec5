/**
 * The rule of a rolling-window limit, as arithmetic that compiler and runtime share. A request of `cost` units may
 * start if (a) the units started in the last interval plus its cost are at most `limit + burst`, and (b) where
 * `burst` > 0, a bucket of that size, refilled at `limit / interval`, holds the cost. A stamp exactly one interval
 * old has left the window.
 */
import type { Limit } from "../ir.ts";

/** What the rule needs to know of a limit. */
export interface LimitRule {
  readonly limit: number;
  readonly intervalMs: number;
  readonly burst: number;
  readonly smooth: boolean;
  readonly maxConcurrent?: number;
}

/** Up to this many units a limiter keeps every stamp; above it, slots. */
export const exactCapacity = 256;

/** A slot spans this part of the interval: so much may a limiter above `exactCapacity` be late, never early. */
export const slotsPerInterval = 128;

/** The numbers of a limit in the IR, in the runtime's units. */
export function ruleOf(limit: Limit): LimitRule {
  return {
    limit: limit.limit,
    intervalMs: limit.interval_seconds * 1000,
    burst: limit.burst,
    smooth: limit.smooth,
    ...(limit.max_concurrent === undefined ? {} : { maxConcurrent: limit.max_concurrent }),
  };
}

/** The most units that may start in any rolling window, and so the longest burst from rest. */
export function capacity(rule: { readonly limit: number; readonly burst: number }): number {
  return rule.limit + rule.burst;
}

/** Milliseconds that one unit takes to come back at the long-run rate. */
export function unitMs(rule: { readonly limit: number; readonly intervalMs: number }): number {
  return rule.intervalMs / rule.limit;
}

/** Width of a limiter's time slots; 0 where every stamp is kept. */
export function slotMs(rule: {
  readonly limit: number;
  readonly burst: number;
  readonly intervalMs: number;
}): number {
  return capacity(rule) <= exactCapacity ? 0 : rule.intervalMs / slotsPerInterval;
}

/** Whether part (b) of the rule, or even spacing, applies besides the window. */
export function hasBucket(rule: { readonly burst: number; readonly smooth: boolean }): boolean {
  return rule.burst > 0 || rule.smooth;
}

/**
 * Units that a full bucket gives at once. A smooth limit spreads its starts: one at a time, `burst` more where it is
 * declared; a single dearer request still starts from a full bucket and leaves a debt.
 */
export function bucketSize(rule: LimitRule, cost: number): number {
  return rule.smooth ? Math.max(1 + rule.burst, cost) : capacity(rule);
}

/** A cost that no state of the limit ever admits: an error at compile time. */
export function neverStarts(rule: { readonly limit: number; readonly burst: number }, cost: number): boolean {
  return !(cost <= capacity(rule));
}

/** The least time between the start of the first of `units` and that of the last, from a limit at rest. */
export function leastSpanMs(rule: LimitRule, units: number): number {
  const window = Math.floor((units - 1) / capacity(rule)) * rule.intervalMs;
  if (!hasBucket(rule)) return Math.max(0, window);
  return Math.max(0, window, (units - bucketSize(rule, 1)) * unitMs(rule));
}

/** What is wrong with a limit's numbers, as a sentence each; empty where the rule can be kept. */
export function limitFaults(rule: LimitRule): readonly string[] {
  const faults: string[] = [];
  if (!(Number.isSafeInteger(rule.limit) && rule.limit >= 1))
    faults.push("limit must be a whole number of at least 1");
  if (!(Number.isFinite(rule.intervalMs) && rule.intervalMs > 0))
    faults.push("interval_seconds must be greater than 0");
  if (!(Number.isSafeInteger(rule.burst) && rule.burst >= 0))
    faults.push("burst must be a whole number of at least 0");
  const concurrent = rule.maxConcurrent;
  if (concurrent !== undefined && !(Number.isSafeInteger(concurrent) && concurrent >= 1)) {
    faults.push("max_concurrent must be a whole number of at least 1");
  }
  return faults;
}

/** The limits that an operation counts against, as indexes; `unknown` are the references that name none. */
/** What a limit is chosen by. */
interface Named {
  readonly name?: string | undefined;
  readonly scope: string;
}

export interface LimitSelection {
  readonly indexes: readonly number[];
  readonly unknown: readonly string[];
}

/**
 * Without a reference every limit that has no name applies; a reference selects the limits of that name, else all
 * unnamed ones of that scope.
 */
export function selectLimits(
  limits: readonly Named[],
  references: readonly string[] | undefined,
): LimitSelection {
  const where = (test: (limit: Named) => boolean): number[] => {
    const indexes: number[] = [];
    for (const [index, limit] of limits.entries()) if (test(limit)) indexes.push(index);
    return indexes;
  };
  if (references === undefined) return { indexes: where((limit) => limit.name === undefined), unknown: [] };
  const found = new Set<number>();
  const unknown: string[] = [];
  for (const reference of references) {
    const named = where((limit) => limit.name === reference);
    const chosen =
      named.length > 0 ? named : where((limit) => limit.name === undefined && limit.scope === reference);
    if (chosen.length === 0) unknown.push(reference);
    for (const index of chosen) found.add(index);
  }
  return { indexes: [...found].sort((a, b) => a - b), unknown };
}

/** The limit that a 429 without further word most likely hit: the shortest interval, then the smallest capacity. */
export function narrowest<
  T extends { readonly limit: number; readonly burst: number; readonly intervalMs: number },
>(limits: readonly T[]): T | undefined {
  let best: T | undefined;
  for (const limit of limits) {
    if (best === undefined || limit.intervalMs < best.intervalMs) best = limit;
    else if (limit.intervalMs === best.intervalMs && capacity(limit) < capacity(best)) best = limit;
  }
  return best;
}
