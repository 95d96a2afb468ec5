/** The part of the state that limits use: asks Redis while it answers, keeps to its share while it does not. */
import { capacity } from "../../schema/language/limits.ts";
import { longestHoldMs } from "../pacing/server-word.ts";
import type { Admission, Awaitable, Clock, Demand, LimitObject, Said, StateReport } from "../ports.ts";
import { type Availability, limited, reasonOf, TimedOut } from "./availability.ts";
import { serverUsOf, startOf, toUs } from "./clock-time.ts";
import type { RedisClient } from "./connect.ts";
import { foreignKey } from "./foreign-key.ts";
import type { KeySpace } from "./keys.ts";
import { LeaseStock } from "./lease-stock.ts";
import { LocalShare } from "./local-share.ts";
import { runScript, type Script, type ScriptArgument } from "./script.ts";
import { SeatDirectory } from "./seat-directory.ts";

/** Admission decides within 50 ms, and some of that is the process's own. */
const admitLimitMs = 40;
const reportLimitMs = 1_000;
/** When to ask again where an answer is late. */
const againMs = 20;

export interface LimitScripts {
  readonly admit: Script;
  readonly giveBack: Script;
  readonly hear: Script;
  readonly report: Script;
  readonly alive: Script;
}

export interface SharedLimitsOptions {
  readonly client: RedisClient;
  readonly scripts: LimitScripts;
  readonly clock: Clock;
  readonly keys: KeySpace;
  readonly availability: Availability;
  /** This process among those of the fleet. */
  readonly owner: string;
  /** Units that one question may fetch for those who wait; 1: each asks for itself. */
  readonly lease: number;
  /** Microseconds in place of the server's clock; '' for the server's. */
  readonly time: () => string;
}

export class SharedLimits {
  readonly #options: SharedLimitsOptions;
  readonly #seats: SeatDirectory;
  readonly #local: LocalShare;
  readonly #stock: LeaseStock;

  constructor(options: SharedLimitsOptions) {
    this.#options = options;
    this.#seats = new SeatDirectory(options.keys);
    this.#local = new LocalShare(options.clock);
    this.#stock = new LeaseStock(options.clock, (limits, units, at) =>
      this.#giveBack(limits, units, at, units),
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
    return this.#giveBack(limits, cost, at, 0);
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
    if (waited && up) return this.#giveBack(limits, 0, undefined, 0);
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
    // What runs is taken off what remains: calls that Redis has not heard the end of would count as running.
    const { ended } = seat;
    seat.ended = 0;
    const { owner, time, scripts } = this.#options;
    const word = [after(holdUntil), left, after(resetAt)];
    if (!(await this.#tell(scripts.hear, seat.keys, [time(), seat.rule(limit), ...word, owner, ended])))
      seat.ended += ended;
  }

  async report(): Promise<StateReport["limits"]> {
    const now = this.#options.clock.now();
    const reports = this.#seats.all().map(async (seat) => {
      const args = [this.#options.time(), seat.rule(seat.limit)];
      const answer = await limited(
        this.#options.clock,
        this.#run(this.#options.scripts.report, seat.keys, args),
        reportLimitMs,
      );
      const [used = 0, running = 0, held = 0] = numbersOf(answer);
      return {
        id: seat.limit.key.id,
        used,
        capacity: capacity(seat.limit),
        running,
        ...(held > 0 ? { heldUntil: now + held / 1_000 } : {}),
      };
    });
    return (await Promise.all(reports)).filter(
      ({ used, running, heldUntil }) => used > 0 || running > 0 || heldUntil !== undefined,
    );
  }

  /** Said every few seconds, so that the running calls of a process that has died come free. */
  async alive(): Promise<void> {
    const { scripts, owner, time } = this.#options;
    const running = this.#seats
      .all()
      .filter((seat) => seat.running > 0 && seat.limit.maxConcurrent !== undefined);
    await Promise.all(
      running.map((seat) => this.#tell(scripts.alive, seat.keys, [time(), owner, seat.rule(seat.limit)])),
    );
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

  async #ask(limits: readonly LimitObject[], cost: number, demand: Demand | undefined): Promise<Admission> {
    const { clock, availability } = this.#options;
    const askedAt = clock.now();
    const extra = cost === 1 ? Math.min(this.#options.lease, demand?.units ?? 1) - 1 : 0;
    const leaseMs = this.#leaseMs(limits);
    const question = this.#question(limits, cost, extra, leaseMs);
    let late = false;
    // An answer that comes when nobody waits for it any more gives back what it took.
    question.then((answer) => late && this.#undo(limits, cost, answer), ignore);
    let answer: readonly number[];
    try {
      answer = await limited(clock, question, admitLimitMs);
    } catch (error) {
      const foreign = foreignKey(error);
      if (foreign !== undefined) throw foreign;
      late = true;
      if (error instanceof TimedOut) availability.late(askedAt);
      else availability.lost(reasonOf(error));
      return availability.up ? this.#askAgain(limits) : this.#admitAlone(limits, cost);
    }
    const [verdict, at = 0, third = 0, serverNow = 0] = answer;
    // The record is another than the one it knew: the next question says what was started under that one.
    if (verdict === 2) return this.#ask(limits, cost, demand);
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

  /** Runs the script. What it was told counts as told when the answer comes, however late. */
  async #question(
    limits: readonly LimitObject[],
    cost: number,
    extra: number,
    leaseMs: number,
  ): Promise<readonly number[]> {
    const { clock, scripts, owner, time, availability } = this.#options;
    const askedAt = clock.now();
    const seats = limits.map((limit) => this.#seats.seat(limit, askedAt));
    const args: ScriptArgument[] = [time(), owner, cost, extra, toUs(leaseMs)];
    const told = seats.map((seat, index) => {
      args.push(seat.question(limits[index] ?? seat.limit, askedAt));
      return seat.tell();
    });
    const keys = seats.flatMap((seat) => seat.keys);
    let answer: readonly number[];
    try {
      answer = numbersOf(await this.#run(scripts.admit, keys, args));
    } catch (error) {
      for (const [index, seat] of seats.entries()) seat.untell(told[index]);
      throw error;
    }
    availability.answered(clock.now() - askedAt);
    const [verdict, place = 0, , , ...born] = answer;
    if (verdict === 2) {
      for (const [index, seat] of seats.entries()) seat.untell(told[index]);
      seats[place - 1]?.oweAll();
    } else for (const [index, seat] of seats.entries()) seat.answered(born[index] ?? 0, told[index]);
    return answer;
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
    void this.#giveBack(limits, cost + extra, startOf(at), 0);
  }

  async #giveBack(
    limits: readonly LimitObject[],
    units: number,
    at: number | undefined,
    ended: number,
  ): Promise<void> {
    const { clock, scripts, owner, time } = this.#options;
    const now = clock.now();
    const seats = limits.map((limit) => this.#seats.seat(limit, now));
    const args: ScriptArgument[] = [time(), owner, units, at === undefined ? -1 : serverUsOf(at)];
    const told = seats.map((seat, index) => {
      const all = seat.ended + ended;
      args.push(seat.rule(limits[index] ?? seat.limit), all);
      seat.ended = 0;
      return all;
    });
    if (
      await this.#tell(
        scripts.giveBack,
        seats.flatMap(({ keys }) => keys),
        args,
      )
    )
      return;
    for (const [index, seat] of seats.entries()) seat.ended += told[index] ?? 0;
  }

  /** Needs no answer but whether it arrived. */
  async #tell(script: Script, keys: readonly string[], args: readonly ScriptArgument[]): Promise<boolean> {
    if (!this.#options.availability.up) return false;
    try {
      await limited(this.#options.clock, this.#run(script, keys, args), reportLimitMs);
      return true;
    } catch (error) {
      // Who asks hears of it.
      if (foreignKey(error) === undefined) this.#options.availability.lost(reasonOf(error));
      return false;
    }
  }

  #run(script: Script, keys: readonly string[], args: readonly ScriptArgument[]): Promise<unknown> {
    return runScript(this.#options.client, script, keys, args);
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

function numbersOf(answer: unknown): readonly number[] {
  if (!Array.isArray(answer)) throw new TypeError("The answer of a script is no list.");
  return answer.map(Number);
}
