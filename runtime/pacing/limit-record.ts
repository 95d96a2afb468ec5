/** What one limit remembers: its window, its bucket, what runs, and what the server said. */
import { bucketSize, capacity, hasBucket, slotMs, unitMs } from "../../schema/language/limits.ts";
import type { LimitObject } from "../ports.ts";
import { type Said, ServerWord } from "./server-word.ts";
import { StartWindow } from "./start-window.ts";

/** A smooth limit whose waiters were woken late makes up for so much of the interval. */
const catchUpPart = 1 / 128;

/**
 * One limit's state. The one stamp that most keys ever have stands inline; a window is made for the second.
 * The bucket is one number, the time at which it will be full again (the generic cell rate algorithm): its level is
 * `size - (fullAt - now) / unitMs`.
 */
export class LimitRecord {
  readonly limit: LimitObject;
  running = 0;
  #stamp: number = Number.NEGATIVE_INFINITY;
  #units = 0;
  #window: StartWindow | undefined = undefined;
  #fullAt: number = Number.NEGATIVE_INFINITY;
  #said: ServerWord | undefined = undefined;
  /** A smooth limit refused someone and has not made up for it yet. */
  #awaited = false;

  constructor(limit: LimitObject) {
    this.limit = limit;
  }

  /**
   * The earliest time for `cost` units, `now` where there is room; Infinity where only the end of a call helps, or
   * nothing does.
   * The rule is read from `rule`, so that an edited limit keeps its history.
   */
  earliest(rule: LimitObject, cost: number, now: number): number {
    if (rule.maxConcurrent !== undefined && this.running >= rule.maxConcurrent)
      return Number.POSITIVE_INFINITY;
    if (cost > capacity(rule)) return Number.POSITIVE_INFINITY;
    let at = this.#windowTime(rule, cost, now);
    if (hasBucket(rule)) at = Math.max(at, this.#bucketTime(rule, cost));
    if (this.#said !== undefined) at = Math.max(at, this.#said.earliest(rule, cost, now));
    return Math.max(at, now);
  }

  /** When the last of `units` may start at the earliest, however many; running calls are taken to end in time. */
  forecast(rule: LimitObject, units: number, now: number): number {
    const size = capacity(rule);
    const windows = Math.floor((units - 1) / size);
    let at = Math.max(now, this.#windowTime(rule, units - windows * size, now)) + windows * rule.intervalMs;
    if (hasBucket(rule))
      at = Math.max(at, Math.max(this.#fullAt, now) + (units - bucketSize(rule, 1)) * unitMs(rule));
    if (this.#said !== undefined) at = Math.max(at, this.#said.earliest(rule, 1, now));
    return at;
  }

  /** Notes a start; the caller has found room for it. */
  take(rule: LimitObject, cost: number, now: number): void {
    this.running++;
    this.#said?.take(rule, cost, now);
    if (hasBucket(rule)) this.#drain(rule, cost, now);
    if (this.#window !== undefined) this.#window.add(now, cost, slotMs(rule));
    else if (this.#units === 0 || this.#stamp === now || this.#stamp <= now - rule.intervalMs)
      this.#inline(now, cost);
    else this.#open(rule, cost, now);
  }

  /** Notes that someone was refused. */
  refuse(rule: LimitObject): void {
    if (rule.smooth) this.#awaited = true;
  }

  release(): void {
    if (this.running > 0) this.running--;
  }

  /**
   * Takes a start back as if it had never been; without its time the oldest goes, which is never too early. What
   * has left the window gives nothing back: the bucket's history since then is not kept.
   */
  refund(rule: LimitObject, cost: number, at: number | undefined, now: number): void {
    this.release();
    this.#said?.giveBack(cost, at);
    if (at !== undefined && at <= now - rule.intervalMs) return;
    if (this.#window === undefined) {
      this.#refundInline(rule, cost, at);
      return;
    }
    this.#window.dropUntil(now - rule.intervalMs);
    if (!this.#window.takeBack(cost, at)) return;
    if (hasBucket(rule) && at !== undefined) this.#fullAt = this.#fullWithout(rule, this.#window, cost, at);
    if (this.#window.empty) this.#window = undefined;
  }

  hear(rule: LimitObject, said: Said, now: number): void {
    this.#said ??= new ServerWord();
    // The call that brought the answer is itself counted in what the server says.
    this.#said.hear(rule, said, now, Math.max(0, this.running - 1));
  }

  heldUntil(now: number): number | undefined {
    return this.#said?.heldUntil(now);
  }

  used(now: number): number {
    this.#drop(this.limit, now);
    return this.#window === undefined ? this.#units : this.#window.used;
  }

  /** True when a fresh record would decide the same. */
  idle(now: number): boolean {
    if (this.running > 0 || this.#fullAt > now) return false;
    if (this.#said !== undefined && !this.#said.over(this.limit, now)) return false;
    return this.used(now) === 0;
  }

  #windowTime(rule: LimitObject, cost: number, now: number): number {
    const room = capacity(rule) - cost;
    if (this.#window === undefined) {
      return this.#units <= room || this.#units === 0 ? now : this.#stamp + rule.intervalMs;
    }
    this.#window.dropUntil(now - rule.intervalMs);
    const excess = this.#window.used - room;
    if (excess <= 0) {
      if (this.#window.empty) this.#empty();
      return now;
    }
    return this.#window.timeOf(excess) + rule.intervalMs;
  }

  #bucketTime(rule: LimitObject, cost: number): number {
    return this.#fullAt + (cost - bucketSize(rule, cost)) * unitMs(rule);
  }

  #drain(rule: LimitObject, cost: number, now: number): void {
    const rest = rule.smooth && this.#awaited ? now - rule.intervalMs * catchUpPart : now;
    this.#fullAt = Math.max(this.#fullAt, rest) + cost * unitMs(rule);
    if (this.#fullAt > now) this.#awaited = false;
  }

  #inline(now: number, cost: number): void {
    this.#units = this.#stamp === now ? this.#units + cost : cost;
    this.#stamp = now;
  }

  #open(rule: LimitObject, cost: number, now: number): void {
    this.#window = new StartWindow();
    this.#window.add(this.#stamp, this.#units, slotMs(rule));
    this.#window.add(now, cost, slotMs(rule));
    this.#units = 0;
  }

  #drop(rule: LimitObject, now: number): void {
    if (this.#window !== undefined) {
      this.#window.dropUntil(now - rule.intervalMs);
      if (this.#window.empty) this.#empty();
    } else if (this.#stamp <= now - rule.intervalMs) this.#units = 0;
  }

  #empty(): void {
    this.#window = undefined;
    this.#units = 0;
  }

  #refundInline(rule: LimitObject, cost: number, at: number | undefined): void {
    if (this.#units === 0 || (at !== undefined && at !== this.#stamp)) return;
    this.#units = Math.max(0, this.#units - cost);
    if (hasBucket(rule) && at !== undefined) this.#fullAt -= cost * unitMs(rule);
  }

  /**
   * When the bucket would be full had the start at `at` not been. The later starts drained it at their own times:
   * what it regained while full is not there to be given back.
   */
  #fullWithout(rule: LimitObject, window: StartWindow, cost: number, at: number): number {
    let full = this.#fullAt - cost * unitMs(rule);
    let later = 0;
    window.eachAfter(at, (time, units) => {
      later += units;
      full = Math.max(full, time + later * unitMs(rule));
    });
    return full;
  }
}
