import type { Admission } from "../ports.ts";
import type { LaneQueue } from "./lane.ts";

export type Refusal = Extract<Admission, { admitted: false }>;

/** What was refused in the running round, by limit: who needs as much of the same is not asked for again. */
export class RoundRefusals {
  readonly #refused = new Map<string, { readonly cost: number; readonly answer: Refusal }>();

  add(key: string, cost: number, answer: Refusal): void {
    this.#refused.set(key, { cost, answer });
  }

  /** The refusal that one of this lane and cost would meet. */
  of(lane: LaneQueue, cost: number): Refusal | undefined {
    if (this.#refused.size === 0) return undefined;
    for (const key of lane.keys) {
      const known = this.#refused.get(key);
      if (known !== undefined && known.cost <= cost) return known.answer;
    }
    return undefined;
  }

  clear(): void {
    this.#refused.clear();
  }
}
