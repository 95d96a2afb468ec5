/** When those who come now can start at the earliest, as far as is known. */
import { leastSpanMs } from "../../schema/language/limits.ts";
import type { LimitObject, State } from "../ports.ts";
import type { LaneQueue } from "./lane.ts";
import type { LineDirectory } from "./line-directory.ts";

export class Forecast {
  readonly #state: Pick<State, "earliest">;
  readonly #lines: LineDirectory;
  readonly #time: () => number;

  constructor(state: Pick<State, "earliest">, lines: LineDirectory, time: () => number) {
    this.#state = state;
    this.#lines = lines;
    this.#time = time;
  }

  /** For one who comes after those who wait before it. */
  startAfter(lane: LaneQueue, cost: number): number {
    let at = Number.NEGATIVE_INFINITY;
    for (const [index, limit] of lane.limits.entries()) {
      const key = lane.keys[index] ?? "";
      // Where tenants take turns, others' queues are not before this one's.
      const isShared = limit.key.tenant !== lane.tenant;
      const inLine = isShared ? 0 : this.#lines.unitsBefore(key, lane.priority, cost);
      const counted = inLine > 0 && lane.line?.key === key && lane.line.cost <= cost;
      at = Math.max(at, this.startOf(limit, cost + inLine + (counted ? 0 : lane.units)));
    }
    return at;
  }

  /** For the last of so many units under one limit. */
  startOf(limit: LimitObject, units: number): number {
    const known = this.#state.earliest?.([limit], units);
    if (typeof known === "number") return known;
    known?.catch(() => {});
    return this.#time() + leastSpanMs(limit, units);
  }
}
