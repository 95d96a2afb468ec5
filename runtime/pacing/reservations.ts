/**
 * Against starvation: a head that has waited longer than its longest window reserves the limits that refuse it, and
 * all who come after it leave them alone until it has started, but for those before it in its own line. Who meets a
 * reservation gives up its own. As each waits only for heads before its own, no two wait for each other, and the first
 * of all waits for nobody.
 */
import { isBefore, type LaneQueue } from "./lane.ts";
import type { Line } from "./line.ts";

/** A limit that another lane's head has reserved. */
export interface Met {
  readonly key: string;
  readonly owner: LaneQueue;
}

export class Reservations {
  readonly #owners = new Map<string, LaneQueue>();

  /** Reserves a limit for the lane's head, unless a head before it has done so. */
  add(lane: LaneQueue, key: string): void {
    const owner = this.#owners.get(key);
    if (owner === undefined || isBefore(lane, owner)) this.#owners.set(key, lane);
  }

  /** Takes over what was reserved elsewhere, by the lanes that stand for those of there. */
  recall(others: Reservations, laneFor: (lane: LaneQueue) => LaneQueue): void {
    for (const [key, owner] of others.#owners) this.#owners.set(key, laneFor(owner));
  }

  /** What keeps the lane from starting; in the line of a limit that one behind it has reserved, the order of the line counts. */
  against(lane: LaneQueue, line?: Line): Met | undefined {
    if (this.#owners.size === 0) return undefined;
    for (const key of lane.keys) {
      const owner = this.#owners.get(key);
      if (owner === undefined || !isBefore(owner, lane)) continue;
      if (line === undefined || !isIn(line, key, owner)) return { key, owner };
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

  /**
   * The line to wait in for the end of a reservation: that of the owner where it waits for the same, else one behind it.
   * Who passes an owner by the order of its line stays out of the next owner's: it would go back and forth.
   */
  lineAfter({ key, owner }: Met, line: Line): { readonly key: string; readonly until?: number } {
    const passed = this.#owners.get(line.key);
    const passes = passed !== undefined && isIn(line, line.key, passed);
    if (!passes && owner.line?.key === key && owner.line.cost === line.cost) return { key };
    return { key: lineBehind(key), until: Number.POSITIVE_INFINITY };
  }
}

/** Whether the owner of a limit waits for it in this line. */
function isIn(line: Line, key: string, owner: LaneQueue): boolean {
  return key === line.key && owner.line === line;
}

function lineBehind(key: string): string {
  return `behind ${key}`;
}
