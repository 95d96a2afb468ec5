/**
 * Against starvation: a head that has waited longer than its longest window reserves the limits that refuse it, and
 * lanes whose heads are younger leave them alone until it has started. Older heads are never held up by younger
 * ones, so no two reservations wait for each other.
 */

import type { LimitObject } from "../ports.ts";
import { type LaneQueue, limitKey } from "./lane.ts";

export class Reservations {
  readonly #owners = new Map<string, LaneQueue>();

  /** Reserves a limit for the lane's head unless an older head has it. */
  add(lane: LaneQueue, limit: LimitObject): void {
    const key = limitKey(limit);
    const owner = this.#owners.get(key);
    if (owner === undefined || age(lane) < age(owner)) this.#owners.set(key, lane);
  }

  /** Whether an older head has reserved one of the lane's limits. */
  blocks(lane: LaneQueue): boolean {
    if (this.#owners.size === 0) return false;
    return lane.keys.some((key) => {
      const owner = this.#owners.get(key);
      return owner !== undefined && owner !== lane && age(owner) < age(lane);
    });
  }

  /** Ends what the lane has reserved and names the limits. */
  drop(lane: LaneQueue): readonly string[] {
    if (this.#owners.size === 0) return [];
    const dropped = lane.keys.filter((key) => this.#owners.get(key) === lane);
    for (const key of dropped) this.#owners.delete(key);
    return dropped;
  }
}

/** Smaller is older; a lane without a waiter is the youngest. */
function age(lane: LaneQueue): number {
  return lane.head?.sequence ?? Number.POSITIVE_INFINITY;
}
