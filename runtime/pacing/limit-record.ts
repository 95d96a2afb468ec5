/** What one limit remembers: its window, its bucket, what runs, and what the server said. */
import { bucketSize, capacity, hasBucket, slotMs, unitMs } from "../../schema/language/limits.ts";
import type { LimitObject } from "../ports.ts";
import { type Heard, ServerWord } from "./server-word.ts";
import {
  append,
  dropUntil,
  eachAfter,
  isEmpty,
  join,
  newestTime,
  openRing,
  type StartRing,
  takeBack,
  timeOf,
} from "./start-ring.ts";

/** A smooth limit whose waiters were woken late makes up for so much: a part of the interval, or what timers are late by. */
const catchUpPart = 1 / 128;
const catchUpMs = 10;

/**
 * One limit's state. The one stamp that most keys ever have stands inline; a ring is made for the second.
 * The bucket is one number, the time at which it will be full again (the generic cell rate algorithm): its level is
 * `size - (fullAt - now) / unitMs`.
 */
export class LimitRecord {
  readonly limit: LimitObject;
  /** The table that keeps it; undefined once it is dropped. */
  owner: object | undefined;
  running = 0;
  /** When the one start was; with a ring open, the first start of its newest pair. */
  #stamp: number = Number.NEGATIVE_INFINITY;
  /** Units at the stamp; with a ring open, all its units. Those that have left count until they are dropped. */
  #units = 0;
  #ring: StartRing | undefined = undefined;
  #fullAt: number = Number.NEGATIVE_INFINITY;
  #said: ServerWord | undefined = undefined;
  /** A smooth limit refused someone and has not made up for it yet. */
  #awaited = false;

  constructor(limit: LimitObject, owner: object) {
    this.limit = limit;
    this.owner = owner;
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

  /** Another record that would decide the same, but for calls that run. */
  copy(owner: object): LimitRecord {
    const copy = new LimitRecord(this.limit, owner);
    copy.#stamp = this.#stamp;
    copy.#units = this.#units;
    copy.#ring = this.#ring?.slice();
    copy.#fullAt = this.#fullAt;
    copy.#said = this.#said?.copy();
    copy.#awaited = this.#awaited;
    return copy;
  }

  /** Notes a start; the caller has found room for it. */
  take(rule: LimitObject, cost: number, now: number): void {
    this.running++;
    this.#said?.take(rule, cost, now);
    if (hasBucket(rule)) this.#drain(rule, cost, now);
    if (this.#ring !== undefined) this.#add(this.#ring, rule, cost, now);
    else if (this.#units === 0 || this.#stamp === now || this.#stamp <= now - rule.intervalMs)
      this.#inline(now, cost);
    else this.#open(rule, cost, now);
  }

  /** Notes starts that were made elsewhere, in the order of time; so many of their calls run. */
  recall(rule: LimitObject, starts: readonly (readonly [number, number])[], running: number): void {
    const before = this.running;
    for (const [time, units] of starts) this.take(rule, units, time);
    this.running = before + running;
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
    const ring = this.#ring;
    if (ring === undefined) {
      this.#refundInline(rule, cost, at);
      return;
    }
    this.#dropLeft(ring, rule, now);
    if (!this.#takeBack(ring, cost, at)) return;
    if (hasBucket(rule) && at !== undefined) this.#fullAt = this.#fullWithout(rule, ring, cost, at);
    if (isEmpty(ring)) this.#empty();
  }

  hear(rule: LimitObject, said: Heard, now: number): void {
    this.#said ??= new ServerWord();
    // The call that brought the answer is itself counted in what the server says.
    this.#said.hear(rule, said, now, Math.max(0, this.running - 1));
  }

  heldUntil(now: number): number | undefined {
    return this.#said?.heldUntil(now);
  }

  used(now: number): number {
    this.#drop(this.limit, now);
    return this.#units;
  }

  /** True when a fresh record would decide the same. */
  idle(now: number): boolean {
    if (this.running > 0 || this.#fullAt > now) return false;
    if (this.#said !== undefined && !this.#said.over(this.limit, now)) return false;
    return this.used(now) === 0;
  }

  #windowTime(rule: LimitObject, cost: number, now: number): number {
    const room = capacity(rule) - cost;
    const ring = this.#ring;
    if (ring === undefined) {
      return this.#units <= room || this.#units === 0 ? now : this.#stamp + rule.intervalMs;
    }
    this.#dropLeft(ring, rule, now);
    const excess = this.#units - room;
    return excess <= 0 ? now : timeOf(ring, excess) + rule.intervalMs;
  }

  #bucketTime(rule: LimitObject, cost: number): number {
    return this.#fullAt + (cost - bucketSize(rule, cost)) * unitMs(rule);
  }

  #drain(rule: LimitObject, cost: number, now: number): void {
    const rest =
      rule.smooth && this.#awaited ? now - Math.max(rule.intervalMs * catchUpPart, catchUpMs) : now;
    this.#fullAt = Math.max(this.#fullAt, rest) + cost * unitMs(rule);
    if (this.#fullAt > now) this.#awaited = false;
  }

  #inline(now: number, cost: number): void {
    this.#units = this.#stamp === now ? this.#units + cost : cost;
    this.#stamp = now;
  }

  #open(rule: LimitObject, cost: number, now: number): void {
    this.#ring = openRing(this.#stamp, this.#units);
    this.#add(this.#ring, rule, cost, now);
  }

  #add(ring: StartRing, rule: LimitObject, cost: number, now: number): void {
    this.#units += cost;
    if (now - this.#stamp < slotMs(rule) || now === newestTime(ring)) join(ring, now, cost);
    else {
      this.#ring = append(ring, now, cost);
      this.#stamp = now;
    }
  }

  #drop(rule: LimitObject, now: number): void {
    if (this.#ring !== undefined) this.#dropLeft(this.#ring, rule, now);
    else if (this.#stamp <= now - rule.intervalMs) this.#units = 0;
  }

  #dropLeft(ring: StartRing, rule: LimitObject, now: number): void {
    this.#units -= dropUntil(ring, now - rule.intervalMs);
    if (isEmpty(ring)) this.#empty();
  }

  /** True where there was something to take. A newest pair that is gone leaves no slot open to join. */
  #takeBack(ring: StartRing, cost: number, at: number | undefined): boolean {
    const newest = newestTime(ring);
    const taken = takeBack(ring, cost, at);
    if (taken === undefined) return false;
    this.#units -= taken;
    if (newestTime(ring) !== newest) this.#stamp = Number.NEGATIVE_INFINITY;
    return true;
  }

  #empty(): void {
    this.#ring = undefined;
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
  #fullWithout(rule: LimitObject, ring: StartRing, cost: number, at: number): number {
    let full = this.#fullAt - cost * unitMs(rule);
    let later = 0;
    eachAfter(ring, at, (time, units) => {
      later += units;
      full = Math.max(full, time + later * unitMs(rule));
    });
    return full;
  }
}
