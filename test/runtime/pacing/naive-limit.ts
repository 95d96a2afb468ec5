/** A limit as plainly as it can be written: a list of all starts, and the rule read off it. */
import { bucketSize, capacity, hasBucket, type LimitRule, unitMs } from "../../../schema/language/limits.ts";

/** Times are sums of fractions: a stamp that lacks so little of an interval has left. */
const rounding = 1e-6;

export interface Start {
  readonly at: number;
  readonly cost: number;
}

export class NaiveLimit {
  readonly rule: LimitRule;
  starts: Start[] = [];

  constructor(rule: LimitRule) {
    this.rule = rule;
  }

  /** Units started in the interval that ends with `time`. */
  within(time: number): number {
    const inside = this.starts.filter(
      (start) => start.at > time - this.rule.intervalMs + rounding && start.at <= time,
    );
    return inside.reduce((sum, start) => sum + start.cost, 0);
  }

  /** When the bucket is full again, by playing all starts. */
  fullAt(): number {
    return this.starts.reduce(
      (full, start) => Math.max(full, start.at) + start.cost * unitMs(this.rule),
      Number.NEGATIVE_INFINITY,
    );
  }

  /** The first time from `now` on that has room by (a) and (b). */
  earliest(cost: number, now: number): number {
    const leaving = this.starts.map((start) => start.at + this.rule.intervalMs);
    const times = [now, ...leaving.filter((time) => time > now)].sort((a, b) => a - b);
    const window =
      times.find((time) => this.within(time) + cost <= capacity(this.rule)) ?? Number.POSITIVE_INFINITY;
    if (!hasBucket(this.rule)) return window;
    return Math.max(window, this.fullAt() + (cost - bucketSize(this.rule, cost)) * unitMs(this.rule));
  }

  /** Sentences about every way in which the starts break the rule. */
  violations(): string[] {
    const found: string[] = [];
    for (const start of this.starts) {
      const used = this.within(start.at);
      if (used > capacity(this.rule)) found.push(`${used} units in the window that ends at ${start.at}`);
    }
    if (!hasBucket(this.rule) || this.rule.smooth) return found;
    let full = Number.NEGATIVE_INFINITY;
    for (const start of this.starts) {
      full = Math.max(full, start.at) + start.cost * unitMs(this.rule);
      const owed = (full - start.at) / unitMs(this.rule) - capacity(this.rule);
      if (owed > 1e-6) found.push(`the bucket lacks ${owed} units at ${start.at}`);
    }
    return found;
  }
}
