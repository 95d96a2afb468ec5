/**
 * Who may start, and when, in one process. A request of `cost` units may start if the units of the last interval and it are at
 * most `limit + burst` and, where `burst` is over 0 or the limit is smooth, a bucket holds its cost. Whoever came first goes
 * first (earlier by its priority), and passes nobody who waits for a limit of its own.
 */
import { bucketSize, capacity, hasBucket, type LimitRule, unitMs } from "../../schema/language/limits.ts";
import { rankOf } from "../pacing/priority.ts";
import { type ConnectorError, closed, failure } from "./errors.ts";
import { planHas } from "./plan-has.ts";
import type { CallOptions, Clock } from "./types.ts";

/** A limit of one owner. */
export interface Quota extends LimitRule {
  readonly key: string;
}

/** Ends the leave to send one request; to be called once. `isUnsent` gives back what it took. */
export type End = (isUnsent: boolean) => void;

/** What a server says of its limit; times by clock.now(). */
export interface Said {
  readonly holdUntil?: number;
  readonly remaining?: number;
  readonly resetAt?: number;
}

export interface PaceRequest {
  /** 1 unless said. */
  readonly cost?: number | undefined;
  readonly deadline: number;
  readonly signal?: AbortSignal | undefined;
  readonly priority?: CallOptions["priority"];
}

export interface Pacer {
  acquire(quotas: readonly Quota[], request: PaceRequest): End | Promise<End>;
  feedback(quota: Quota, said: Said): void;
  close(): void;
}

/** How late timers may be: a smooth limit whose waiters were woken late makes up for so much. */
const catchUpMs = 10;
/** The longest that a server's word holds. */
const longestHoldMs = 3_600_000;

interface Meter {
  readonly rule: Quota;
  /** When each unit of the last interval was taken, oldest first. */
  starts: number[];
  running: number;
  fullAt: number;
  held: number;
  /** What the server left until it begins anew. */
  left: number;
  leftUntil: number;
  awaited?: boolean;
}

interface Waiter extends PaceRequest {
  readonly quotas: readonly Quota[];
  readonly rank: number;
  readonly granted: (end: End) => void;
  readonly failed: (thrown: unknown) => void;
}

export function createPacer(clock: Clock, maxQueue: number = 10_000): Pacer {
  const meters = new Map<string, Meter>();
  /** In the order in which they start. */
  let waiting: Waiter[] = [];
  let timer: { cancel(): void } | undefined;
  let isClosed = false;

  /** Without the starts that no longer count. */
  const meterOf = (rule: Quota, now: number): Meter => {
    let meter = meters.get(rule.key);
    if (!meter) {
      // Limits of tokens come and go: the idle ones are dropped when a new one comes.
      for (const [key, { rule: other, starts, running, fullAt, held, leftUntil }] of meters) {
        const isBusy =
          (planHas.counted && running > 0) ||
          (planHas.buckets && fullAt > now) ||
          (planHas.remaining && leftUntil > now) ||
          Math.max(held, (starts.at(-1) ?? -Infinity) + other.intervalMs) > now;
        if (!isBusy) meters.delete(key);
      }
      meter = {
        rule,
        starts: [],
        held: -Infinity,
        ...(planHas.buckets ? { fullAt: -Infinity } : {}),
        ...(planHas.counted ? { running: 0 } : {}),
        ...(planHas.remaining ? { left: Infinity, leftUntil: -Infinity } : {}),
      } as Meter;
      meters.set(rule.key, meter);
    }
    meter.starts = meter.starts.filter((at) => at + rule.intervalMs > now);
    return meter;
  };

  const earliest = (quotas: readonly Quota[], cost: number, now: number): number =>
    Math.max(
      now,
      ...quotas.map((rule) => {
        const meter = meterOf(rule, now);
        if (planHas.concurrent && meter.running >= (rule.maxConcurrent ?? Infinity)) return Infinity;
        let at = meter.held;
        if (planHas.remaining && now < meter.leftUntil && meter.left < cost)
          at = Math.max(at, meter.leftUntil);
        // The last of those that must be forgotten first.
        const most = planHas.burst ? capacity(rule) : rule.limit;
        const taken = meter.starts[meter.starts.length - (planHas.cost ? most + 1 - cost : most)];
        if (taken !== undefined) at = Math.max(at, taken + rule.intervalMs);
        if (planHas.buckets && hasBucket(rule))
          at = Math.max(at, meter.fullAt + (cost - bucketSize(rule, cost)) * unitMs(rule));
        if (planHas.smooth && at > now && rule.smooth) meter.awaited = true;
        return at;
      }),
    );

  const take = (quotas: readonly Quota[], units: number, now: number): End => {
    for (const rule of quotas) {
      const meter = meterOf(rule, now);
      if (planHas.counted) meter.running++;
      if (planHas.remaining) meter.left -= units;
      if (planHas.cost) meter.starts = [...meter.starts, ...Array<number>(units).fill(now)];
      else meter.starts.push(now);
      if (planHas.buckets && hasBucket(rule)) {
        const isAwaited = planHas.smooth && rule.smooth && meter.awaited;
        const rest = isAwaited ? now - Math.max(rule.intervalMs / 128, catchUpMs) : now;
        meter.fullAt = Math.max(meter.fullAt, rest) + units * unitMs(rule);
        if (meter.fullAt > now) meter.awaited = false;
      }
    }
    return (isUnsent) => {
      for (const rule of quotas) {
        const meter = meterOf(rule, clock.now());
        if (planHas.counted) meter.running--;
        const index = isUnsent ? meter.starts.indexOf(now) : -1;
        if (index < 0) continue;
        if (planHas.remaining) meter.left += units;
        // What the bucket regained since then, while full, is not there to be given back.
        if (planHas.buckets && meter.starts.at(-1) === now) meter.fullAt -= units * unitMs(rule);
        meter.starts.splice(index, planHas.cost ? units : 1);
      }
      pump();
    };
  };

  const tooLate = (quotas: readonly Quota[], at: number): ConnectorError =>
    failure("rate_limited", `${described(quotas)} leaves no start before the deadline. Try again later.`, {
      retryable: true,
      retryAt: at < Infinity ? Math.ceil(clock.wall() + at - clock.now()) : undefined,
    });

  /** Starts whoever may, ends whoever waited too long, and sets the timer for the next. */
  function pump(): void {
    timer?.cancel();
    const now = clock.now();
    const blocked = new Set<string>();
    let wake = Infinity;
    waiting = waiting.filter(({ quotas, cost = 1, deadline, signal, granted, failed }) => {
      if (signal?.aborted) failed(signal.reason);
      else {
        const at = quotas.some(({ key }) => blocked.has(key)) ? Infinity : earliest(quotas, cost, now);
        if (deadline <= now) failed(tooLate(quotas, at));
        else if (at <= now) granted(take(quotas, cost, now));
        else {
          for (const { key } of quotas) blocked.add(key);
          wake = Math.min(wake, at, deadline);
          return true;
        }
      }
      return false;
    });
    if (wake < Infinity) timer = clock.timer(wake - now, pump);
  }

  return {
    acquire: (quotas, request) => {
      const now = clock.now();
      const { cost = 1, deadline, signal, priority = "normal" } = request;
      if (isClosed) throw closed();
      if (planHas.cost && quotas.some((quota) => cost > capacity(quota)))
        throw failure("configuration", `${described(quotas)} never lets a request of cost ${cost} start.`, {
          phase: "pacing",
        });
      const ahead = waiting.filter((one) =>
        one.quotas.some(({ key }) => quotas.some((own) => own.key === key)),
      ).length;
      const at = earliest(quotas, cost, now);
      if (ahead === 0 && at <= now) return take(quotas, cost, now);
      if (at >= deadline && at < Infinity) throw tooLate(quotas, at);
      if (ahead >= maxQueue)
        throw failure("queue_full", `${described(quotas)}: ${ahead} calls wait already.`, {
          retryable: true,
        });
      return new Promise((granted, failed) => {
        const rank = rankOf(now, priority);
        const behind = waiting.findLastIndex((other) => other.rank <= rank);
        waiting.splice(behind + 1, 0, { ...request, quotas, rank, granted, failed });
        signal?.addEventListener("abort", pump);
        pump();
      });
    },
    feedback: (quota, { holdUntil = -Infinity, remaining, resetAt }) => {
      const now = clock.now();
      const meter = meterOf(quota, now);
      meter.held = Math.max(meter.held, Math.min(holdUntil, now + longestHoldMs));
      if (planHas.remaining && remaining !== undefined) {
        meter.leftUntil = Math.min(resetAt ?? now + quota.intervalMs, now + longestHoldMs);
        // The call that brought the answer is itself counted in what the server says.
        meter.left = remaining - Math.max(0, meter.running - 1);
      }
      pump();
    },
    close: () => {
      isClosed = true;
      timer?.cancel();
      for (const { failed } of waiting.splice(0)) failed(closed());
    },
  };
}

function described(quotas: readonly Quota[]): string {
  return `Rate limit ${quotas.map(({ limit, intervalMs }) => `${limit} per ${intervalMs / 1000} s`).join(" and ")}`;
}
