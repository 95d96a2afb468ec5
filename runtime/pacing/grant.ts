/** The leave to start one request. */
import type { LaneQueue } from "./lane.ts";
import type { Grant } from "./pacer-contract.ts";

/** Where grants go back to. */
export interface GrantDesk {
  refund(lane: LaneQueue, cost: number, startedAt: number | undefined): void;
  release(lane: LaneQueue): void;
}

/** Given back once, whichever way; a second time does nothing. */
export class PaceGrant implements Grant {
  readonly waitedMs: number;
  readonly #desk: GrantDesk;
  readonly #lane: LaneQueue;
  readonly #cost: number;
  readonly #startedAt: number | undefined;
  #open = true;

  constructor(
    desk: GrantDesk,
    lane: LaneQueue,
    cost: number,
    startedAt: number | undefined,
    waitedMs: number,
  ) {
    this.waitedMs = waitedMs;
    this.#desk = desk;
    this.#lane = lane;
    this.#cost = cost;
    this.#startedAt = startedAt;
  }

  refund(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#desk.refund(this.#lane, this.#cost, this.#startedAt);
  }

  release(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#desk.release(this.#lane);
  }
}
