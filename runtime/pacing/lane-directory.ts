/** One lane per tenant and distinct set of limits, for as long as someone holds it. */
import type { LimitObject } from "../ports.ts";
import { LaneQueue, limitKey } from "./lane.ts";

/** Finds or makes lanes; a lane that nobody holds any more is forgotten. */
export class LaneDirectory {
  readonly #lanes = new Map<string, WeakRef<LaneQueue>>();
  readonly #gone = new FinalizationRegistry<string>((key) => {
    if (this.#lanes.get(key)?.deref() === undefined) this.#lanes.delete(key);
  });

  /** The lane of these limits, in whatever order; a limit given twice counts once. */
  lane(limits: readonly LimitObject[], tenant: string): LaneQueue {
    const distinct = new Map(limits.map((limit) => [limitKey(limit), limit]));
    const key = [JSON.stringify(tenant), ...[...distinct.keys()].sort()].join("\n");
    const known = this.#lanes.get(key)?.deref();
    if (known !== undefined) return known;
    const lane = new LaneQueue([...distinct.values()], tenant);
    this.#lanes.set(key, new WeakRef(lane));
    this.#gone.register(lane, key);
    return lane;
  }
}
