/**
 * All lanes whose heads one limit refused at one cost. What lets the first of them start is the same for all, so only the
 * first is asked for. On a limit that tenants share they go round: a tenant that starts goes to the end.
 */
import { Heap, type HeapItem } from "./heap.ts";
import { isBefore, type LaneQueue } from "./lane.ts";
import { type Priority, priorities } from "./priority.ts";

/** One tenant's lanes in a line. */
interface Group extends HeapItem {
  readonly lanes: Heap<LaneQueue>;
  /** Its place in the round, from a count that grows. */
  turn: number;
}

export class Line implements HeapItem {
  readonly key: string;
  readonly cost: number;
  heapIndex = -1;
  /** The time at which it is worth asking for the first of it; -Infinity: now. */
  at: number = Number.NEGATIVE_INFINITY;
  /** The state was asked for its first and has not answered. */
  asking = false;
  readonly #groups = new Map<string, Group>();
  readonly #round = new Heap<Group>((a, b) => a.turn < b.turn);
  readonly #units = new Map<Priority, number>();

  constructor(key: string, cost: number) {
    this.key = key;
    this.cost = cost;
  }

  get first(): LaneQueue | undefined {
    return this.#round.peek()?.lanes.peek();
  }

  get empty(): boolean {
    return this.#round.size === 0;
  }

  /** Takes in a lane; a tenant who is not in the round joins its end, at `turn`. */
  add(lane: LaneQueue, turn: number): void {
    let group = this.#groups.get(lane.tenant);
    if (group === undefined) {
      group = { lanes: new Heap<LaneQueue>(isBefore), turn, heapIndex: -1 };
      this.#groups.set(lane.tenant, group);
      this.#round.push(group);
    }
    group.lanes.push(lane);
    lane.line = this;
    this.count(lane.priority, lane.units);
  }

  /** Takes a lane out, before its head changes. */
  remove(lane: LaneQueue): void {
    const group = this.#groups.get(lane.tenant);
    if (group === undefined) return;
    group.lanes.remove(lane);
    lane.line = undefined;
    this.count(lane.priority, -lane.units);
    if (group.lanes.size > 0) return;
    this.#round.remove(group);
    this.#groups.delete(lane.tenant);
  }

  /** Puts the tenant at the end of the round. */
  served(tenant: string, turn: number): void {
    const group = this.#groups.get(tenant);
    if (group === undefined) return;
    this.#round.remove(group);
    group.turn = turn;
    this.#round.push(group);
  }

  /** The tenant's place in the round; undefined where nobody of it stands in line. */
  turnOf(tenant: string): number | undefined {
    return this.#groups.get(tenant)?.turn;
  }

  count(priority: Priority, units: number): void {
    this.#units.set(priority, (this.#units.get(priority) ?? 0) + units);
  }

  /** Units that wait in its lanes, of this priority and higher ones. */
  unitsFrom(priority: Priority): number {
    let sum = 0;
    for (const one of priorities) {
      sum += this.#units.get(one) ?? 0;
      if (one === priority) break;
    }
    return sum;
  }

  *lanes(): Iterable<LaneQueue> {
    for (const group of this.#groups.values()) yield* group.lanes;
  }
}
