/**
 * Against starvation: a head that has waited longer than its longest window reserves the limits that refuse it, and
 * all others leave them alone until it has started, but for those before it in its own line. Who meets another's
 * reservation reserves nothing itself: each waits only for reservations younger than its own, and no two for each other.
 */
import type { LaneQueue } from "./lane.ts";
import type { Line } from "./line.ts";

/** A limit that another lane's head has reserved. */
export interface Met {
  readonly key: string;
  readonly owner: LaneQueue;
}

export class Reservations {
  readonly #owners = new Map<string, LaneQueue>();

  /** Reserves a limit for the lane's head, which has met no other's reservation. */
  add(lane: LaneQueue, key: string): void {
    if (this.against(lane) === undefined) this.#owners.set(key, lane);
  }

  /** What keeps the lane from starting; in the line of a limit that one behind it has reserved, the order of the line counts. */
  against(lane: LaneQueue, line?: Line): Met | undefined {
    if (this.#owners.size === 0) return undefined;
    for (const key of lane.keys) {
      const owner = this.#owners.get(key);
      if (owner === undefined || owner === lane) continue;
      if (line === undefined || key !== line.key || owner.line !== line) return { key, owner };
    }
    return undefined;
  }

  /** Ends what the lane has reserved and names the lines of those who waited for that. */
  drop(lane: LaneQueue): readonly string[] {
    if (this.#owners.size === 0) return [];
    const dropped = lane.keys.filter((key) => this.#owners.get(key) === lane);
    for (const key of dropped) this.#owners.delete(key);
    return dropped.map(lineBehind);
  }
}

/** The line to wait in for the end of a reservation: that of the owner where it waits for the same, else one behind it. */
export function lineAfter(
  { key, owner }: Met,
  cost: number,
): { readonly key: string; readonly until?: number } {
  if (owner.line?.key === key && owner.line.cost === cost) return { key };
  return { key: lineBehind(key), until: Number.POSITIVE_INFINITY };
}

function lineBehind(key: string): string {
  return `behind ${key}`;
}
