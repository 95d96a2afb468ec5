/** A lane: all who wait for the same set of limits, first come, first served. */
import { capacity } from "../../schema/language/limits.ts";
import type { LimitObject } from "../ports.ts";
import type { HeapItem } from "./heap.ts";
import type { Grant, Lane } from "./pacer-contract.ts";

/** One call that waits. */
export interface Waiter extends HeapItem {
  readonly lane: LaneQueue;
  readonly cost: number;
  readonly deadline: number;
  /** Order of arrival over all lanes. */
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
  /** The dearest request that could ever start. */
  readonly mostUnits: number;
  heapIndex = -1;
  head: Waiter | undefined = undefined;
  size = 0;
  /** Units of all who wait. */
  units = 0;
  /** The time at which it is worth asking for the head again. */
  at = 0;
  /** The state was asked for the head and has not answered. */
  asking = false;
  #tail: Waiter | undefined = undefined;
  #keys: readonly string[] | undefined = undefined;

  constructor(limits: readonly LimitObject[]) {
    this.limits = limits;
    this.mostUnits = limits.reduce(
      (most, limit) => Math.min(most, capacity(limit)),
      Number.POSITIVE_INFINITY,
    );
  }

  /** Names of the limits, unambiguous over tenants; made when first needed, as most lanes never have a waiter. */
  get keys(): readonly string[] {
    this.#keys ??= this.limits.map(limitKey);
    return this.#keys;
  }

  get longestMs(): number {
    return this.limits.reduce((longest, limit) => Math.max(longest, limit.intervalMs), 0);
  }

  /** The keys of the limits that count what runs. */
  get runningKeys(): readonly string[] {
    return this.keys.filter((_, index) => this.limits[index]?.maxConcurrent !== undefined);
  }

  push(waiter: Waiter): void {
    waiter.previous = this.#tail;
    if (this.#tail === undefined) this.head = waiter;
    else this.#tail.next = waiter;
    this.#tail = waiter;
    this.size++;
    this.units += waiter.cost;
  }

  remove(waiter: Waiter): void {
    if (waiter.previous === undefined) this.head = waiter.next;
    else waiter.previous.next = waiter.next;
    if (waiter.next === undefined) this.#tail = waiter.previous;
    else waiter.next.previous = waiter.previous;
    waiter.previous = undefined;
    waiter.next = undefined;
    this.size--;
    this.units -= waiter.cost;
  }
}

/** One limit's name, unambiguous over tenants. */
export function limitKey(limit: LimitObject): string {
  return JSON.stringify([limit.key.tenant, limit.key.id]);
}
