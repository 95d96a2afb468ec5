/**
 * Who may start, and when, in one process: the runtime's own records of limits, one queue in front of them. Whoever came
 * first goes first (earlier by its priority), and passes nobody who waits for a limit of its own.
 */
import { capacity } from "../../schema/language/limits.ts";
import { ConnectorError } from "../errors.ts";
import { LimitRecord } from "../pacing/limit-record.ts";
import type { Grant, Lane, PaceRequest, Pacer } from "../pacing/pacer-contract.ts";
import { rankOf } from "../pacing/priority.ts";
import type { Clock, LimitObject, TimerHandle } from "../ports.ts";
import { Signals } from "../signals.ts";

interface Waiter {
  readonly lane: KeyedLane;
  readonly request: PaceRequest;
  readonly since: number;
  readonly rank: number;
  readonly granted: (grant: Grant) => void;
  readonly failed: (thrown: unknown) => void;
}

export function createPacer({ clock, maxQueue = 10_000 }: { clock: Clock; maxQueue?: number }): Pacer {
  return new QueuePacer(clock, maxQueue);
}

/** Limits by name: each set of them has objects of its own. */
class KeyedLane implements Lane {
  readonly limits: readonly LimitObject[];
  readonly tenant: string;
  readonly keys: readonly string[];

  constructor(limits: readonly LimitObject[], tenant: string) {
    this.limits = limits;
    this.tenant = tenant;
    this.keys = limits.map(keyOf);
  }
}

class QueuePacer implements Pacer {
  readonly #clock: Clock;
  readonly #maxQueue: number;
  readonly #records: Map<string, LimitRecord> = new Map();
  readonly #signals: Signals = new Signals();
  /** In the order in which they start. */
  #waiting: Waiter[] = [];
  #timer: TimerHandle | undefined;
  #closed = false;

  constructor(clock: Clock, maxQueue: number) {
    this.#clock = clock;
    this.#maxQueue = maxQueue;
  }

  lane(limits: readonly LimitObject[], tenant: string): Lane {
    return new KeyedLane(limits, tenant);
  }

  acquire(given: Lane, request: PaceRequest): Grant | Promise<Grant> {
    const lane = given instanceof KeyedLane ? given : new KeyedLane(given.limits, given.tenant);
    const now = this.#clock.now();
    if (this.#closed) throw closed();
    if (lane.limits.some((limit) => request.cost > capacity(limit))) throw costTooHigh(lane, request.cost);
    const ahead = this.#waiting.filter(({ lane: { keys } }) => keys.some((key) => lane.keys.includes(key)));
    const at = this.#earliest(lane, request.cost, now);
    if (ahead.length === 0 && at <= now) return this.#grant(lane, request.cost, now, now);
    if (at >= request.deadline && at < Infinity) throw this.#tooLate(lane, at);
    if (ahead.length >= this.#maxQueue) throw queueFull(lane, ahead.length);
    return this.#wait(lane, request, now);
  }

  feedback(limit: LimitObject, said: Parameters<Pacer["feedback"]>[1]): void {
    this.#record(limit).hear(limit, said, this.#clock.now());
    this.#pump();
  }

  inspect(): [] {
    return [];
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
    for (const { failed } of this.#waiting.splice(0)) failed(closed());
  }

  #wait(lane: KeyedLane, request: PaceRequest, since: number): Promise<Grant> {
    const { signal, priority = "normal" } = request;
    return new Promise((resolve, reject) => {
      const off = signal && this.#signals.onAbort(signal, () => this.#leave(waiter));
      const rank = rankOf(since, priority);
      const waiter: Waiter = {
        lane,
        request,
        since,
        rank,
        granted: (grant) => {
          off?.();
          resolve(grant);
        },
        failed: (thrown) => {
          off?.();
          reject(thrown);
        },
      };
      const behind = this.#waiting.findLastIndex((other) => other.rank <= rank);
      this.#waiting.splice(behind + 1, 0, waiter);
      this.#pump();
    });
  }

  /** Starts whoever may, ends whoever waited too long, and sets the timer for the next. */
  #pump(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    if (this.#waiting.length === 0) return;
    const now = this.#clock.now();
    const blocked = new Set<string>();
    let wake = Infinity;
    this.#waiting = this.#waiting.filter((waiter) => {
      const { lane, request, since } = waiter;
      wake = Math.min(wake, request.deadline);
      const at = lane.keys.some((key) => blocked.has(key))
        ? Infinity
        : this.#earliest(lane, request.cost, now);
      if (request.deadline <= now) {
        waiter.failed(this.#tooLate(lane, at));
        return false;
      }
      if (at <= now) {
        waiter.granted(this.#grant(lane, request.cost, now, since));
        return false;
      }
      for (const key of lane.keys) blocked.add(key);
      wake = Math.min(wake, at);
      return true;
    });
    if (this.#waiting.length === 0 || wake === Infinity) return;
    this.#timer = this.#clock.timer(wake - now, () => this.#pump());
    this.#timer.keepAlive?.();
  }

  #leave(waiter: Waiter): void {
    const at = this.#waiting.indexOf(waiter);
    if (at < 0) return;
    this.#waiting.splice(at, 1);
    waiter.failed(aborted());
    this.#pump();
  }

  #grant(lane: Lane, cost: number, now: number, since: number): Grant {
    for (const limit of lane.limits) this.#record(limit).take(limit, cost, now);
    let open = true;
    const end = (how: (record: LimitRecord, limit: LimitObject) => void): void => {
      if (!open) return;
      open = false;
      for (const limit of lane.limits) how(this.#record(limit), limit);
      this.#pump();
    };
    return {
      waitedMs: now - since,
      refund: () => end((record, limit) => record.refund(limit, cost, now, this.#clock.now())),
      release: () => end((record) => record.release()),
    };
  }

  /** When all limits have room; told to those that have none. */
  #earliest(lane: Lane, cost: number, now: number): number {
    let earliest = now;
    for (const limit of lane.limits) {
      const record = this.#record(limit);
      const at = record.earliest(limit, cost, now);
      if (at > now) record.refuse(limit);
      earliest = Math.max(earliest, at);
    }
    return earliest;
  }

  /** Limits of tokens come and go: the idle ones are dropped when a new one comes. */
  #record(limit: LimitObject): LimitRecord {
    const key = keyOf(limit);
    const known = this.#records.get(key);
    if (known) return known;
    const now = this.#clock.now();
    for (const [name, record] of this.#records) if (record.idle(now)) this.#records.delete(name);
    const record = new LimitRecord(limit, this);
    this.#records.set(key, record);
    return record;
  }

  #tooLate(lane: Lane, at: number): ConnectorError {
    const error = failure(
      "rate_limited",
      `Rate limit ${described(lane)} leaves no start before the deadline; try again later, or allow more time.`,
    );
    return at < Infinity ? error.with({ retryAt: this.#clock.wall() + at - this.#clock.now() }) : error;
  }
}

function keyOf({ key }: LimitObject): string {
  return `${key.tenant}\n${key.id}`;
}

function described({ limits }: Lane): string {
  return limits.map((limit) => `${limit.limit} per ${limit.intervalMs / 1000} s`).join(" and ");
}

function costTooHigh(lane: Lane, cost: number): ConnectorError {
  return failure(
    "configuration",
    `A request of cost ${cost} can never start under rate limit ${described(lane)}; lower the operation's cost.`,
  );
}

function queueFull(lane: Lane, waiting: number): ConnectorError {
  return failure(
    "queue_full",
    `${waiting} calls already wait for rate limit ${described(lane)}; make fewer calls at once.`,
  );
}

function aborted(): ConnectorError {
  return failure("aborted", "The call was aborted before it started. Call again if it is still wanted.");
}

function closed(): ConnectorError {
  return failure(
    "aborted",
    "The client was closed before the call could start. Make a new one and call again.",
  );
}

function failure(code: string, message: string): ConnectorError {
  const retryable = code === "rate_limited" || code === "queue_full";
  return new ConnectorError({ code, phase: "pacing", retryable, message });
}
