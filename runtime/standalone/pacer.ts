/**
 * Who may start, and when, in one process. A request of `cost` units may start if the units of the last interval and it are at
 * most `limit + burst` and, where `burst` is over 0 or the limit is smooth, a bucket holds its cost. Whoever came first goes
 * first (earlier by its priority), and passes nobody who waits for a limit of its own.
 */
import { bucketSize, capacity, hasBucket, type LimitRule, unitMs } from "../../schema/language/limits.ts";
import { rankOf } from "../pacing/priority.ts";
import { type ConnectorError, failure } from "./errors.ts";
import { planHas } from "./plan-has.ts";
import type { CallOptions, Clock } from "./types.ts";

/** A limit of one owner. */
export interface Quota extends LimitRule {
  readonly key: string;
}

/** The leave to send one request; exactly one of the two ends it. */
export interface Grant {
  release(): void;
  /** Nothing was sent. */
  refund(): void;
}

/** What a server says of its limit; times by clock.now(). */
export interface Said {
  readonly holdUntil?: number;
  readonly remaining?: number;
  readonly resetAt?: number;
}

export interface PaceRequest {
  readonly cost: number;
  readonly deadline: number;
  readonly signal?: AbortSignal | undefined;
  readonly priority?: CallOptions["priority"];
}

export interface Pacer {
  acquire(quotas: readonly Quota[], request: PaceRequest): Grant | Promise<Grant>;
  feedback(quota: Quota, said: Said): void;
  close(): void;
}

/** How late timers may be: a smooth limit whose waiters were woken late makes up for so much. */
const catchUpMs = 10;
/** The longest that a server's word holds. */
const longestHoldMs = 3_600_000;

class Meter {
  /** Starts of the last interval, oldest first. */
  starts: { readonly at: number; units: number }[] = [];
  running = 0;
  fullAt: number = -Infinity;
  held: number = -Infinity;
  /** What the server left until it begins anew. */
  left: number = Infinity;
  leftUntil: number = -Infinity;
  awaited = false;

  earliest(rule: Quota, cost: number, now: number): number {
    if (planHas.concurrent && this.running >= (rule.maxConcurrent ?? Infinity)) return Infinity;
    this.#drop(rule, now);
    let at = Math.max(now, this.held);
    if (planHas.remaining && now < this.leftUntil && this.left < cost) at = Math.max(at, this.leftUntil);
    let excess = this.starts.reduce((sum, { units }) => sum + units, cost) - capacity(rule);
    for (let index = 0; excess > 0; index++) {
      const start = this.starts[index];
      if (!start) return Infinity;
      excess -= start.units;
      if (excess <= 0) at = Math.max(at, start.at + rule.intervalMs);
    }
    return planHas.buckets && hasBucket(rule)
      ? Math.max(at, this.fullAt + (cost - bucketSize(rule, cost)) * unitMs(rule))
      : at;
  }

  take(rule: Quota, units: number, now: number): void {
    this.running++;
    this.left -= units;
    const last = this.starts.at(-1);
    if (last?.at === now) last.units += units;
    else this.starts.push({ at: now, units });
    if (planHas.buckets && hasBucket(rule)) {
      const isAwaited = planHas.smooth && rule.smooth && this.awaited;
      const rest = isAwaited ? now - Math.max(rule.intervalMs / 128, catchUpMs) : now;
      this.fullAt = Math.max(this.fullAt, rest) + units * unitMs(rule);
      if (this.fullAt > now) this.awaited = false;
    }
  }

  /** As if the start at `at` had never been. */
  refund(rule: Quota, units: number, at: number): void {
    const start = this.starts.find((one) => one.at === at);
    if (!start) return;
    start.units -= units;
    this.left += units;
    // What the bucket regained since then, while full, is not there to be given back.
    if (planHas.buckets && start === this.starts.at(-1)) this.fullAt -= units * unitMs(rule);
    this.starts = this.starts.filter((one) => one.units > 0);
  }

  isIdle(rule: Quota, now: number): boolean {
    this.#drop(rule, now);
    return this.running + this.starts.length === 0 && Math.max(this.fullAt, this.held, this.leftUntil) <= now;
  }

  #drop({ intervalMs }: Quota, now: number): void {
    const first = this.starts.findIndex(({ at }) => at > now - intervalMs);
    this.starts = first < 0 ? [] : first > 0 ? this.starts.slice(first) : this.starts;
  }
}

interface Waiter extends PaceRequest {
  readonly quotas: readonly Quota[];
  readonly rank: number;
  readonly granted: (grant: Grant) => void;
  readonly failed: (thrown: unknown) => void;
}

export function createPacer({ clock, maxQueue = 10_000 }: { clock: Clock; maxQueue?: number }): Pacer {
  const meters = new Map<string, Meter>();
  const rules = new Map<string, Quota>();
  /** In the order in which they start. */
  let waiting: Waiter[] = [];
  let timer: { cancel(): void; keepAlive?(): void } | undefined;
  let isClosed = false;

  /** Limits of tokens come and go: the idle ones are dropped when a new one comes. */
  const meterOf = (quota: Quota): Meter => {
    let meter = meters.get(quota.key);
    if (!meter) {
      const now = clock.now();
      for (const [key, other] of meters) {
        const rule = rules.get(key);
        if (rule && other.isIdle(rule, now)) meters.delete(key);
      }
      meter = new Meter();
      meters.set(quota.key, meter);
      rules.set(quota.key, quota);
    }
    return meter;
  };

  const earliest = (quotas: readonly Quota[], cost: number, now: number): number =>
    quotas.reduce((latest, quota) => {
      const meter = meterOf(quota);
      const at = meter.earliest(quota, cost, now);
      if (planHas.smooth && at > now && quota.smooth) meter.awaited = true;
      return Math.max(latest, at);
    }, now);

  const grant = (quotas: readonly Quota[], cost: number, now: number): Grant => {
    for (const quota of quotas) meterOf(quota).take(quota, cost, now);
    let isOpen = true;
    const end = (refunds: boolean): void => {
      if (!isOpen) return;
      isOpen = false;
      for (const quota of quotas) {
        const meter = meterOf(quota);
        meter.running--;
        if (refunds) meter.refund(quota, cost, now);
      }
      pump();
    };
    return { release: () => end(false), refund: () => end(true) };
  };

  const tooLate = (quotas: readonly Quota[], at: number): ConnectorError =>
    failure(
      "rate_limited",
      `Rate limit ${described(quotas)} leaves no start before the deadline; try again later, or allow more time.`,
      { retryable: true, retryAt: at < Infinity ? Math.ceil(clock.wall() + at - clock.now()) : undefined },
    );

  /** Starts whoever may, ends whoever waited too long, and sets the timer for the next. */
  function pump(): void {
    timer?.cancel();
    const now = clock.now();
    const blocked = new Set<string>();
    let wake = Infinity;
    waiting = waiting.filter((waiter) => {
      const { quotas, cost, deadline } = waiter;
      const at = quotas.some(({ key }) => blocked.has(key)) ? Infinity : earliest(quotas, cost, now);
      if (deadline <= now) waiter.failed(tooLate(quotas, at));
      else if (at <= now) waiter.granted(grant(quotas, cost, now));
      else {
        for (const { key } of quotas) blocked.add(key);
        wake = Math.min(wake, at, deadline);
        return true;
      }
      return false;
    });
    if (wake === Infinity) return;
    timer = clock.timer(wake - now, pump);
    timer.keepAlive?.();
  }

  return {
    acquire: (quotas, request) => {
      const now = clock.now();
      const { cost, deadline, signal, priority = "normal" } = request;
      if (isClosed) throw closed();
      if (quotas.some((quota) => cost > capacity(quota)))
        throw failure(
          "configuration",
          `A request of cost ${cost} can never start under rate limit ${described(quotas)}.`,
          {
            phase: "pacing",
          },
        );
      const ahead = waiting.filter((one) =>
        one.quotas.some(({ key }) => quotas.some((own) => own.key === key)),
      );
      const at = earliest(quotas, cost, now);
      if (ahead.length === 0 && at <= now) return grant(quotas, cost, now);
      if (at >= deadline && at < Infinity) throw tooLate(quotas, at);
      if (ahead.length >= maxQueue)
        throw failure(
          "queue_full",
          `${ahead.length} calls already wait for rate limit ${described(quotas)}.`,
          {
            retryable: true,
          },
        );
      return new Promise((resolve, reject) => {
        const leave = (): void => {
          waiting = waiting.filter((one) => one !== waiter);
          reject(signal?.reason);
          pump();
        };
        const settled =
          <Value>(settle: (value: Value) => void) =>
          (value: Value): void => {
            signal?.removeEventListener("abort", leave);
            settle(value);
          };
        const rank = rankOf(now, priority);
        const waiter = { ...request, quotas, rank, granted: settled(resolve), failed: settled(reject) };
        signal?.addEventListener("abort", leave);
        const behind = waiting.findLastIndex((other) => other.rank <= rank);
        waiting.splice(behind + 1, 0, waiter);
        pump();
      });
    },
    feedback: (quota, { holdUntil = -Infinity, remaining, resetAt }) => {
      const now = clock.now();
      const meter = meterOf(quota);
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
  return quotas.map(({ limit, intervalMs }) => `${limit} per ${intervalMs / 1000} s`).join(" and ");
}

function closed(): ConnectorError {
  return failure("aborted", "The client was closed before the call could start. Make a new one.", {
    phase: "pacing",
  });
}
