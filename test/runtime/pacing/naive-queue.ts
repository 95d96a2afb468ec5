/** One lane as plainly as it can be written: whoever is first starts at the first moment that all naive limits allow. */
import type { LimitObject } from "../../../runtime/ports.ts";
import { NaiveLimit } from "./naive-limit.ts";

/** What a first-come, first-served queue over naive limits does. */
export class NaiveQueue {
  readonly limits: readonly NaiveLimit[];
  readonly waiting: { readonly id: number; readonly cost: number; readonly deadline: number }[] = [];
  readonly startedAt: Map<number, number> = new Map();
  readonly #started = new Map<number, { readonly at: number; readonly cost: number }>();
  now: number;

  constructor(limits: readonly LimitObject[], now: number) {
    this.limits = limits.map((limit) => new NaiveLimit(limit));
    this.now = now;
  }

  /** Starts whoever can start until `time`, each at the first possible moment. */
  runUntil(time: number): void {
    for (let head = this.waiting[0]; head !== undefined; head = this.waiting[0]) {
      const { cost, deadline, id } = head;
      const at = Math.max(...this.limits.map((limit) => limit.earliest(cost, this.now)));
      if (at > time && at <= deadline) break;
      this.waiting.shift();
      if (at > deadline) continue;
      this.now = Math.max(this.now, at);
      const start = { at: this.now, cost };
      for (const limit of this.limits) limit.starts.push(start);
      this.#started.set(id, start);
      this.startedAt.set(id, this.now);
    }
    this.now = Math.max(this.now, time);
  }

  /** When one more would start if everyone before it does. */
  wouldStart(cost: number): number {
    const kept = this.limits.map((limit) => limit.starts);
    let now = this.now;
    for (const next of [...this.waiting, { cost }]) {
      const earliest = (limit: NaiveLimit): number => limit.earliest(next.cost, now);
      now = Math.max(now, ...this.limits.map(earliest));
      for (const limit of this.limits) limit.starts = [...limit.starts, { at: now, cost: next.cost }];
    }
    for (const [index, limit] of this.limits.entries()) limit.starts = kept[index] ?? [];
    return now;
  }

  /** A refund after that comes too late to change anything: the runtime refunds before the request is on the wire. */
  isInWindow(id: number, now: number): boolean {
    const at = this.startedAt.get(id) ?? Number.NEGATIVE_INFINITY;
    return this.limits.every(({ rule }) => at > now - rule.intervalMs);
  }

  forget(id: number): void {
    const start = this.#started.get(id);
    for (const limit of this.limits) limit.starts = limit.starts.filter((other) => other !== start);
  }
}
