import { slotsPerInterval } from "../../schema/language/limits.ts";
import { StartWindow } from "../pacing/start-window.ts";
import type { LimitObject } from "../ports.ts";
import { toUs } from "./clock-time.ts";

/** No record has this name: whoever gives it has something to tell. */
const noRecord = 1;

/** What this process knows of one limit that lies in Redis. */
export class LimitSeat {
  readonly limit: LimitObject;
  readonly keys: readonly string[];
  /** Whoever keeps it; undefined once it is dropped. */
  owner: object | undefined;
  /** The record's name in Redis as last seen; 0 for none. */
  born = 0;
  /** Units that Redis does not know of and is to be told with the next question; -1 for nothing to tell. */
  debt = -1;
  /** Calls that run under an admission of Redis. */
  running = 0;
  /** Calls that have ended since Redis was last told. */
  ended = 0;
  /** No start before, as a server has told this process. */
  heldUntil: number = Number.NEGATIVE_INFINITY;
  /** What this process has started, in the runtime's time: told to a record that has lost its memory. */
  readonly started: StartWindow = new StartWindow();
  /** What it has started while Redis was gone. */
  readonly alone: StartWindow = new StartWindow();
  #packed: { readonly limit: LimitObject; readonly bytes: Buffer };

  constructor(limit: LimitObject, keys: readonly string[], owner: object) {
    this.limit = limit;
    this.keys = keys;
    this.owner = owner;
    this.#packed = { limit, bytes: packRule(limit) };
  }

  /** The rule as the scripts read it; that of the object at hand, so that an edited limit keeps its history. */
  rule(limit: LimitObject): Buffer {
    if (this.#packed.limit !== limit) this.#packed = { limit, bytes: packRule(limit) };
    return this.#packed.bytes;
  }

  /** The rule, and the word of this process: which record it knows, what that is to be told, how many calls have ended. */
  question(limit: LimitObject, now: number): Buffer {
    this.started.dropUntil(now - this.limit.intervalMs);
    const rule = this.rule(limit);
    const bytes = Buffer.allocUnsafe(rule.length + 24);
    bytes.set(rule);
    bytes.writeDoubleLE(this.debt >= 0 ? noRecord : this.#claim(), rule.length);
    bytes.writeDoubleLE(this.debt, rule.length + 8);
    bytes.writeDoubleLE(this.ended, rule.length + 16);
    return bytes;
  }

  note(window: StartWindow, units: number, now: number): void {
    window.dropUntil(now - this.limit.intervalMs);
    window.add(now, units, this.limit.intervalMs / slotsPerInterval);
  }

  idle(now: number): boolean {
    this.started.dropUntil(now - this.limit.intervalMs);
    this.alone.dropUntil(now - this.limit.intervalMs);
    return (
      this.heldUntil <= now &&
      this.running === 0 &&
      this.ended === 0 &&
      this.debt < 0 &&
      this.started.empty &&
      this.alone.empty
    );
  }

  /** A record of which nothing of ours is left may be forgotten. */
  #claim(): number {
    return this.started.empty ? 0 : this.born;
  }
}

/** Seven doubles: limit, interval, burst, smooth, running calls at most (0: any), width of a slot, closed when the store is lost. */
function packRule(limit: LimitObject): Buffer {
  const slot = limit.limit + limit.burst <= 256 ? 0 : toUs(limit.intervalMs) / slotsPerInterval;
  const numbers = [
    limit.limit,
    toUs(limit.intervalMs),
    limit.burst,
    limit.smooth ? 1 : 0,
    limit.maxConcurrent ?? 0,
    slot,
    limit.onStateLoss === "closed" ? 1 : 0,
  ];
  const bytes = Buffer.alloc(numbers.length * 8);
  for (const [index, number] of numbers.entries()) bytes.writeDoubleLE(number, index * 8);
  return bytes;
}
