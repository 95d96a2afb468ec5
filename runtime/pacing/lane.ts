/** A lane: all of one tenant and one priority who wait for the same set of limits, first come, first served. */
import { capacity, slotsPerInterval, unitMs } from "../../schema/language/limits.ts";
import type { LimitObject } from "../ports.ts";
import type { HeapItem } from "./heap.ts";
import type { Line } from "./line.ts";
import type { Grant, Lane } from "./pacer-contract.ts";
import type { Priority } from "./priority.ts";

/** One call that waits. */
export interface Waiter extends HeapItem {
  readonly lane: LaneQueue;
  readonly cost: number;
  readonly deadline: number;
  /** Its age as it counts for the order; `sequence` tells those of one moment apart. */
  readonly rank: number;
  readonly sequence: number;
  readonly since: number;
  readonly granted: (grant: Grant) => void;
  readonly failed: (error: unknown) => void;
  /** Stops listening for the caller's abort. */
  unlisten: () => void;
  waiting: boolean;
  previous: Waiter | undefined;
  next: Waiter | undefined;
}

/** A linked list, so that an abort in the middle costs the same as one at the head. */
export class LaneQueue implements Lane, HeapItem {
  readonly limits: readonly LimitObject[];
  readonly tenant: string;
  readonly priority: Priority;
  /** The dearest request that could ever start. */
  readonly mostUnits: number;
  heapIndex = -1;
  head: Waiter | undefined = undefined;
  size = 0;
  /** Units of all who wait. */
  units = 0;
  /** Where it stands while someone waits. */
  line: Line | undefined = undefined;
  /** The line in which the state was asked for its head and has not answered. */
  asking: Line | undefined = undefined;
  #tail: Waiter | undefined = undefined;
  #keys: readonly string[] | undefined = undefined;
  #siblings: Map<Priority, LaneQueue> | undefined = undefined;

  constructor(limits: readonly LimitObject[], tenant: string, priority: Priority = "normal") {
    this.limits = limits;
    this.tenant = tenant;
    this.priority = priority;
    this.mostUnits = limits.reduce(
      (most, limit) => Math.min(most, capacity(limit)),
      Number.POSITIVE_INFINITY,
    );
  }

  /** The lane of the same limits for another priority. */
  of(priority: Priority): LaneQueue {
    if (priority === this.priority) return this;
    this.#siblings ??= new Map();
    const known = this.#siblings.get(priority);
    if (known !== undefined) return known;
    const sibling = new LaneQueue(this.limits, this.tenant, priority);
    this.#siblings.set(priority, sibling);
    return sibling;
  }

  /** Names of the limits, unambiguous over tenants; made when first needed, as most lanes never have a waiter. */
  get keys(): readonly string[] {
    this.#keys ??= this.limits.map(limitKey);
    return this.#keys;
  }

  /** The key of the line in which it stands alone, until a limit refuses it. */
  get ownKey(): string {
    return JSON.stringify([this.tenant, this.priority, ...this.keys]);
  }

  get longestMs(): number {
    return this.limits.reduce((longest, limit) => Math.max(longest, limit.intervalMs), 0);
  }

  /** The longest that a limit takes from empty to full, late by a slot: a dear request may wait for so long with nobody before it. */
  get longestFillMs(): number {
    const fillMs = (limit: LimitObject): number =>
      capacity(limit) * unitMs(limit) + limit.intervalMs / slotsPerInterval;
    return this.limits.reduce((longest, limit) => Math.max(longest, fillMs(limit)), 0);
  }

  /** The keys of the limits that count what runs. */
  get runningKeys(): readonly string[] {
    return this.keys.filter((_, index) => this.limits[index]?.maxConcurrent !== undefined);
  }

  /** The keys of the limits that all tenants share. */
  get sharedKeys(): readonly string[] {
    return this.keys.filter((_, index) => this.limits[index]?.key.tenant !== this.tenant);
  }

  push(waiter: Waiter): void {
    waiter.previous = this.#tail;
    if (this.#tail === undefined) this.head = waiter;
    else this.#tail.next = waiter;
    this.#tail = waiter;
    this.size++;
    this.#count(waiter.cost);
  }

  remove(waiter: Waiter): void {
    if (waiter.previous === undefined) this.head = waiter.next;
    else waiter.previous.next = waiter.next;
    if (waiter.next === undefined) this.#tail = waiter.previous;
    else waiter.next.previous = waiter.previous;
    waiter.previous = undefined;
    waiter.next = undefined;
    this.size--;
    this.#count(-waiter.cost);
  }

  #count(units: number): void {
    this.units += units;
    this.line?.count(this.priority, units);
  }
}

/** Whether the head of `a` is to be asked for before that of `b`; a lane without a head comes last. */
export function isBefore(a: LaneQueue | undefined, b: LaneQueue | undefined): boolean {
  if (a?.head === undefined) return false;
  if (b?.head === undefined) return true;
  if (a.head.rank !== b.head.rank) return a.head.rank < b.head.rank;
  return a.head.sequence < b.head.sequence;
}

/** One limit's name, unambiguous over tenants. */
export function limitKey(limit: LimitObject): string {
  return JSON.stringify([limit.key.tenant, limit.key.id]);
}
