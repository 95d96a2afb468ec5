/**
 * What a server said about one limit: a hold after 429 or `Retry-After`, and how many requests remain in its
 * running period. It only lowers what the rule allows. After a hold the starts come back over a ramp.
 */
import { capacity, type LimitRule } from "../../schema/language/limits.ts";
import type { Said } from "../ports.ts";

/** No hold is longer, whatever the server says. */
export const longestHoldMs = 3_600_000;

/** After a hold, the full capacity is back after this part of the interval. */
const rampPart = 1 / 10;

/** Servers round their reset times; a later reset than this begins a new period. */
const resetSlackMs = 2_000;

/** What was said, in the state's own time. */
export type Heard = { readonly [Word in keyof Said]: number | undefined };

/** The server's word on one limit. */
export class ServerWord {
  #heldUntil = Number.NEGATIVE_INFINITY;
  /** Units started since the hold ended. */
  #ramped = 0;
  #left = Number.POSITIVE_INFINITY;
  #leftUntil = Number.NEGATIVE_INFINITY;
  /** When the server last said what remains. */
  #heardAt = Number.NEGATIVE_INFINITY;

  /** Takes in what was said; `running` other calls have no answer yet and may not be counted in `remaining`. */
  hear(rule: LimitRule, said: Heard, now: number, running: number): void {
    if (said.holdUntil !== undefined && said.holdUntil > now)
      this.#hold(Math.min(said.holdUntil, now + longestHoldMs));
    if (said.remaining !== undefined && Number.isFinite(said.remaining)) {
      const longest = now + Math.max(rule.intervalMs, longestHoldMs);
      const until = Math.min(said.resetAt ?? now + rule.intervalMs, longest);
      if (until > now) this.#cap(Math.max(0, Math.floor(said.remaining)) - running, until, now);
    }
  }

  copy(): ServerWord {
    const copy = new ServerWord();
    copy.#heldUntil = this.#heldUntil;
    copy.#ramped = this.#ramped;
    copy.#left = this.#left;
    copy.#leftUntil = this.#leftUntil;
    copy.#heardAt = this.#heardAt;
    return copy;
  }

  #hold(until: number): void {
    if (until <= this.#heldUntil) return;
    this.#heldUntil = until;
    this.#ramped = 0;
  }

  /** Within one period the lowest count stands, however late its answer comes in. */
  #cap(left: number, until: number, now: number): void {
    this.#heardAt = now;
    const samePeriod = this.#leftUntil > now && until <= this.#leftUntil + resetSlackMs;
    this.#left = samePeriod ? Math.min(this.#left, left) : left;
    this.#leftUntil = samePeriod ? Math.max(this.#leftUntil, until) : until;
  }

  /** When `cost` units may start at the earliest by the server's word alone. */
  earliest(rule: LimitRule, cost: number, now: number): number {
    const capped = this.#leftUntil > now && cost > this.#left ? this.#leftUntil : now;
    return Math.max(capped, this.#heldUntil, this.#rampTime(rule, cost, now));
  }

  /** One probe at once, then in proportion to the time since the hold. */
  #rampTime(rule: LimitRule, cost: number, now: number): number {
    if (this.#ramped === 0 || this.#rampOver(rule, now)) return now;
    return this.#heldUntil + ((this.#ramped + cost - 1) * rule.intervalMs * rampPart) / capacity(rule);
  }

  take(rule: LimitRule, cost: number, now: number): void {
    if (this.#leftUntil > now) this.#left -= cost;
    if (!this.#rampOver(rule, now)) this.#ramped += cost;
  }

  giveBack(cost: number, startedAt: number | undefined): void {
    // Of those that were in flight when the server spoke, each was counted as one unit.
    this.#left += startedAt !== undefined && startedAt > this.#heardAt ? cost : Math.min(cost, 1);
    if (startedAt !== undefined && startedAt >= this.#heldUntil)
      this.#ramped = Math.max(0, this.#ramped - cost);
  }

  heldUntil(now: number): number | undefined {
    return this.#heldUntil > now ? this.#heldUntil : undefined;
  }

  /** True when nothing that was said matters any more. */
  over(rule: LimitRule, now: number): boolean {
    return this.#leftUntil <= now && this.#rampOver(rule, now);
  }

  #rampOver(rule: LimitRule, now: number): boolean {
    return this.#heldUntil + rule.intervalMs * rampPart <= now;
  }
}
