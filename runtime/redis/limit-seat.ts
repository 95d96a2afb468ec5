import { slotsPerInterval } from "../../schema/language/limits.ts";
import { StartWindow } from "../pacing/start-window.ts";
import type { LimitObject } from "../ports.ts";
import { toUs } from "./clock-time.ts";
import { type OpenSlot, slotChange } from "./scripts/open-slot.ts";

/** No record has this name: whoever gives it has something to tell. */
const noRecord = 1;

/** Larger numbers than these are told to the record itself. */
const mostOfSlot = 10_000;

/** What a question has said of a limit: units that no record knew of or -1, and calls that had ended. */
export interface Told {
  readonly debt: number;
  readonly ended: number;
}

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
  /** What of it was started while Redis was gone, and no record knows of. */
  untold: StartWindow = new StartWindow();
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

  /** How an open slot is to be changed by a question that it can answer, else ''. */
  slotChange(limit: LimitObject, cost: number): string {
    const isPlain = !limit.smooth && limit.maxConcurrent === undefined && slotUs(limit) > 0;
    if (!isPlain || this.debt >= 0 || cost > mostOfSlot || this.ended > mostOfSlot) return "";
    return slotChange(cost, this.ended);
  }

  /** Whether a slot was opened for this limit as it is, in the record that this process knows. */
  fits(slot: OpenSlot, limit: LimitObject): boolean {
    const isRule = slot.limit === limit.limit && slot.burst === limit.burst;
    return isRule && slot.intervalUs === toUs(limit.intervalMs) && this.knows(slot.born);
  }

  /** Whether what this process has started is in the record `born`, as far as it knows. */
  knows(born: number): boolean {
    const claim = this.#claim();
    return claim === 0 || claim === born;
  }

  /** A start under an admission of Redis. */
  note(units: number, now: number): void {
    this.#add(this.started, units, now);
  }

  /** A start while Redis was gone. */
  noteAlone(units: number, now: number): void {
    this.#add(this.started, units, now);
    this.#add(this.untold, units, now);
  }

  /** Redis is back, and is to be told what it does not know. */
  owe(now: number): void {
    this.untold.dropUntil(now - this.limit.intervalMs);
    if (!this.untold.empty) this.debt = this.untold.used;
  }

  /** The record is another than the one it knew: everything of the running interval is to be told. */
  oweAll(): void {
    this.debt = this.started.used;
  }

  /** What a question says of it, which is not said twice. */
  tell(): Told {
    const told = { debt: this.debt, ended: this.ended };
    this.ended = 0;
    return told;
  }

  /** The question did not arrive, or changed nothing. */
  untell(told: Told | undefined): void {
    this.ended += told?.ended ?? 0;
  }

  /** The record `born` has heard what it was told. */
  answered(born: number, told: Told | undefined): void {
    const before = this.born;
    this.born = born;
    if (told === undefined || told.debt < 0 || this.debt !== told.debt) return;
    this.untold = new StartWindow();
    // A record that was made meanwhile knows only what it was told just now.
    const rest = before !== 0 && born !== before ? this.started.used - told.debt : 0;
    this.debt = rest > 0 ? rest : -1;
  }

  idle(now: number): boolean {
    this.started.dropUntil(now - this.limit.intervalMs);
    return (
      this.heldUntil <= now && this.running === 0 && this.ended === 0 && this.debt < 0 && this.started.empty
    );
  }

  #add(window: StartWindow, units: number, now: number): void {
    window.dropUntil(now - this.limit.intervalMs);
    window.add(now, units, this.limit.intervalMs / slotsPerInterval);
  }

  /** A record of which nothing of ours is left may be forgotten. */
  #claim(): number {
    return this.started.empty ? 0 : this.born;
  }
}

/** How wide the slots of its window are, microseconds; 0 where each start has its own stamp. */
function slotUs(limit: LimitObject): number {
  return limit.limit + limit.burst <= 256 ? 0 : toUs(limit.intervalMs) / slotsPerInterval;
}

/** Seven doubles: limit, interval, burst, smooth, running calls at most (0: any), width of a slot, closed when the store is lost. */
function packRule(limit: LimitObject): Buffer {
  const numbers = [
    limit.limit,
    toUs(limit.intervalMs),
    limit.burst,
    limit.smooth ? 1 : 0,
    limit.maxConcurrent ?? 0,
    slotUs(limit),
    limit.onStateLoss === "closed" ? 1 : 0,
  ];
  const bytes = Buffer.alloc(numbers.length * 8);
  for (const [index, number] of numbers.entries()) bytes.writeDoubleLE(number, index * 8);
  return bytes;
}
