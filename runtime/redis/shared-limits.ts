/** The part of the state that limits use: asks Redis while it answers, keeps to its share while it does not. */
import { longestHoldMs } from "../pacing/server-word.ts";
import type { Admission, Awaitable, Demand, LimitObject, Said, StateReport } from "../ports.ts";
import { limited, reasonOf, TimedOut } from "./availability.ts";
import { startOf, toUs } from "./clock-time.ts";
import { configurationFault } from "./configuration-fault.ts";
import type { KeySpace } from "./keys.ts";
import { LeaseStock } from "./lease-stock.ts";
import { askAnew, LimitStore, type LimitStoreOptions } from "./limit-store.ts";
import { LocalShare } from "./local-share.ts";
import { SeatDirectory } from "./seat-directory.ts";

/** Admission decides within 50 ms, and some of that is the process's own. */
const admitLimitMs = 40;
/** When to ask again where an answer is late. */
const againMs = 20;

export interface SharedLimitsOptions extends LimitStoreOptions {
  readonly keys: KeySpace;
  /** Units that one question may fetch for those who wait; 1: each asks for itself. */
  readonly lease: number;
}

export class SharedLimits {
  readonly #options: SharedLimitsOptions;
  readonly #seats: SeatDirectory;
  readonly #store: LimitStore;
  readonly #local: LocalShare;
  readonly #stock: LeaseStock;

  constructor(options: SharedLimitsOptions) {
    this.#options = options;
    this.#seats = new SeatDirectory(options.keys);
    this.#store = new LimitStore(options, this.#seats);
    this.#local = new LocalShare(options.clock);
    this.#stock = new LeaseStock(options.clock, (limits, units, at) =>
      this.#store.giveBack(limits, units, at, units),
    );
  }

  admit(limits: readonly LimitObject[], cost: number, demand: Demand | undefined): Awaitable<Admission> {
    if (!this.#options.availability.up) return this.#admitAlone(limits, cost);
    const leased = cost === 1 ? this.#stock.take(limits) : undefined;
    if (leased !== undefined) {
      this.#started(limits, 1);
      return { admitted: true, at: leased };
    }
    return this.#ask(limits, cost, demand);
  }

  refund(limits: readonly LimitObject[], cost: number, at: number | undefined): Awaitable<void> {
    if (at !== undefined && at < 0) {
      this.#local.refund(limits, cost, aloneTime(at));
      return;
    }
    for (const limit of limits) this.#ended(limit);
    if (!this.#options.availability.up) this.#local.release(limits);
    return this.#store.giveBack(limits, cost, at, 0);
  }

  release(limits: readonly LimitObject[]): Awaitable<void> {
    let waited = false;
    const { up } = this.#options.availability;
    for (const limit of limits) {
      const known = this.#ended(limit);
      if (known) waited ||= limit.maxConcurrent !== undefined;
      if (!known || !up) this.#local.release([limit]);
    }
    // Only a limit of running calls needs to hear of it at once; the others are told with the next question.
    if (waited && up) return this.#store.giveBack(limits, 0, undefined, 0);
  }

  async feedback(limit: LimitObject, said: Said): Promise<void> {
    const now = this.#options.clock.now();
    const seat = this.#seats.seat(limit, now);
    if (said.holdUntil !== undefined)
      seat.heldUntil = Math.max(seat.heldUntil, Math.min(said.holdUntil, now + longestHoldMs));
    if (!this.#options.availability.up) this.#local.hear(limit, said);
    const after = (at: number | undefined): number => (at === undefined ? -1 : Math.max(0, toUs(at - now)));
    const { holdUntil, remaining, resetAt } = said;
    const left =
      remaining === undefined || !Number.isFinite(remaining) ? -1 : Math.max(0, Math.floor(remaining));
    await this.#store.hear(seat, limit, [after(holdUntil), left, after(resetAt)]);
  }

  report(): Promise<StateReport["limits"]> {
    return this.#store.report();
  }

  alive(): Promise<void> {
    return this.#store.alive();
  }

  /** Redis is gone: what it has lent is not to be used, and each process keeps to its share. */
  gone(processes: number): void {
    this.#local.begin(processes);
    this.#stock.clear();
  }

  /** Redis is back: what was started without it is told with the next question. */
  recovered(): void {
    const now = this.#options.clock.now();
    for (const seat of this.#seats.all()) seat.owe(now);
  }

  async #ask(
    limits: readonly LimitObject[],
    cost: number,
    demand: Demand | undefined,
    slots = true,
  ): Promise<Admission> {
    const { clock, availability } = this.#options;
    const askedAt = clock.now();
    const extra = cost === 1 ? Math.min(this.#options.lease, demand?.units ?? 1) - 1 : 0;
    const leaseMs = this.#leaseMs(limits);
    const question = this.#store.question(limits, cost, extra, leaseMs, slots);
    let late = false;
    // An answer that comes when nobody waits for it any more gives back what it took.
    question.then((answer) => late && this.#undo(limits, cost, answer), ignore);
    let answer: readonly number[];
    try {
      answer = await limited(clock, question, admitLimitMs);
    } catch (error) {
      const fault = configurationFault(error);
      if (fault !== undefined) throw fault;
      late = true;
      if (error instanceof TimedOut) availability.late(askedAt);
      else availability.lost(reasonOf(error));
      return availability.up ? this.#askAgain(limits) : this.#admitAlone(limits, cost);
    }
    const [verdict, at = 0, third = 0, serverNow = 0] = answer;
    // The record is another than the one it knew: the next question says what was started under that one.
    if (verdict === 2 || verdict === askAnew) return this.#ask(limits, cost, demand, false);
    if (verdict === 0) {
      const blockedBy = limits[third - 1] ?? limits[0];
      if (blockedBy === undefined) throw new TypeError("a refusal without a limit");
      const wait = at < 0 ? Number.POSITIVE_INFINITY : (at - serverNow) / 1_000;
      return { admitted: false, at: clock.now() + wait, blockedBy };
    }
    this.#started(limits, cost);
    if (third > 0) this.#stock.put(limits, third, startOf(at), askedAt + leaseMs);
    return { admitted: true, at: startOf(at) };
  }

  /** The answer is late, and may yet say yes: that would be a start that is dated too early, and goes back. */
  #askAgain(limits: readonly LimitObject[]): Admission {
    const [blockedBy] = limits;
    if (blockedBy === undefined) throw new TypeError("a question without a limit");
    return { admitted: false, at: this.#options.clock.now() + againMs, blockedBy };
  }

  #admitAlone(limits: readonly LimitObject[], cost: number): Admission {
    const held = this.#held(limits);
    if (held !== undefined) return held;
    const now = this.#options.clock.now();
    for (const limit of limits) this.#local.recall(limit, this.#seats.seat(limit, now));
    const answer = this.#local.admit(limits, cost);
    if (!answer.admitted) return answer;
    for (const limit of limits) {
      const seat = this.#seats.seat(limit, now);
      seat.noteAlone(cost, now);
    }
    return { admitted: true, at: aloneStart(answer.at ?? now) };
  }

  /** What a server said before Redis was lost still stands. */
  #held(limits: readonly LimitObject[]): Admission | undefined {
    const now = this.#options.clock.now();
    for (const limit of limits) {
      const { heldUntil } = this.#seats.seat(limit, now);
      if (heldUntil > now) return { admitted: false, at: heldUntil, blockedBy: limit };
    }
    return undefined;
  }

  #started(limits: readonly LimitObject[], units: number): void {
    const now = this.#options.clock.now();
    for (const limit of limits) {
      const seat = this.#seats.seat(limit, now);
      seat.running++;
      seat.note(units, now);
    }
  }

  /** One call of Redis' admissions has ended; false where none runs. */
  #ended(limit: LimitObject): boolean {
    const seat = this.#seats.seat(limit, this.#options.clock.now());
    if (seat.running === 0) return false;
    seat.running--;
    seat.ended++;
    return true;
  }

  /** Gives back an admission of which nobody makes use. */
  #undo(limits: readonly LimitObject[], cost: number, [verdict, at = 0, extra = 0]: readonly number[]): void {
    if (verdict !== 1) return;
    const now = this.#options.clock.now();
    for (const limit of limits) this.#seats.seat(limit, now).ended += 1 + extra;
    void this.#store.giveBack(limits, cost + extra, startOf(at), 0);
  }

  #leaseMs(limits: readonly LimitObject[]): number {
    return limits.reduce((least, { intervalMs }) => Math.min(least, intervalMs / 128), 50);
  }
}

/** Starts without Redis are told from others by their sign. */
function aloneStart(time: number): number {
  return -1 - time;
}

function aloneTime(start: number): number {
  return -1 - start;
}

function ignore(): void {}
