/** What limits ask of Redis, and tell it: the scripts, and the word of this process that goes with each. */
import { capacity } from "../../schema/language/limits.ts";
import type { Clock, LimitObject, StateReport } from "../ports.ts";
import { type Availability, limited, reasonOf } from "./availability.ts";
import { serverUsOf, startOf, toUs } from "./clock-time.ts";
import { configurationFault, foreignKeyError } from "./configuration-fault.ts";
import type { RedisClient } from "./connect.ts";
import type { LimitSeat, Told } from "./limit-seat.ts";
import { runScript, type Script, type ScriptArgument } from "./script.ts";
import { type OpenSlot, readOpenSlot } from "./scripts/open-slot.ts";
import type { SeatDirectory } from "./seat-directory.ts";

const reportLimitMs = 1_000;

export interface LimitScripts {
  readonly admit: Script;
  readonly giveBack: Script;
  readonly hear: Script;
  readonly report: Script;
  readonly alive: Script;
}

export interface LimitStoreOptions {
  readonly client: RedisClient;
  readonly scripts: LimitScripts;
  readonly clock: Clock;
  readonly availability: Availability;
  /** This process among those of the fleet. */
  readonly owner: string;
  /** Microseconds in place of the server's clock; '' for the server's. */
  readonly time: () => string;
}

/** As `admitScript` says: verdict, start, units or place, the server's time, names of the records; or `[askAnew]`. */
export type AdmissionAnswer = readonly number[];

/** The verdict where an open slot was none of ours: the record itself is to be asked. */
export const askAnew = 3;

export class LimitStore {
  readonly #options: LimitStoreOptions;
  readonly #seats: SeatDirectory;

  constructor(options: LimitStoreOptions, seats: SeatDirectory) {
    this.#options = options;
    this.#seats = seats;
  }

  /**
   * Asks for all limits of a call; an open slot may answer for the record where `slots`. What it was told counts as told
   * when the answer comes, however late.
   */
  async question(
    limits: readonly LimitObject[],
    cost: number,
    extra: number,
    leaseMs: number,
    slots: boolean,
  ): Promise<AdmissionAnswer> {
    const { clock, scripts, owner, time, availability } = this.#options;
    const askedAt = clock.now();
    const seats = limits.map((limit) => this.#seats.seat(limit, askedAt));
    const now = time();
    const [only] = seats;
    // A slot ends by the server's clock, and knows nothing of what is to be told.
    const isOne = slots && now === "" && extra === 0 && seats.length === 1;
    const change = (isOne && only?.slotChange(limits[0] ?? only.limit, cost)) || "";
    const args: ScriptArgument[] = [now, owner, cost, extra, toUs(leaseMs), change];
    const told = seats.map((seat, index) => {
      args.push(seat.question(limits[index] ?? seat.limit, askedAt));
      return seat.tell();
    });
    let answer: AdmissionAnswer;
    try {
      const said = await this.#run(scripts.admit, keysOf(seats), args);
      const slot = readOpenSlot(said);
      answer =
        slot !== undefined && only !== undefined ? this.#fromSlot(slot, only, limits, cost) : numbersOf(said);
    } catch (error) {
      for (const [index, seat] of seats.entries()) seat.untell(told[index]);
      throw error;
    }
    availability.answered(clock.now() - askedAt);
    this.#heard(answer, seats, told);
    return answer;
  }

  /** Gives back units that start at `at`, where it is known, and says that so many more calls have ended. */
  async giveBack(
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
    if (await this.#tell(scripts.giveBack, keysOf(seats), args)) return;
    for (const [index, seat] of seats.entries()) seat.ended += told[index] ?? 0;
  }

  /** What a server said: microseconds from now of a hold, what remains, microseconds until it ends; -1 for nothing. */
  async hear(seat: LimitSeat, limit: LimitObject, word: readonly number[]): Promise<void> {
    // What runs is taken off what remains: calls that Redis has not heard the end of would count as running.
    const { ended } = seat;
    seat.ended = 0;
    const { owner, time, scripts } = this.#options;
    if (!(await this.#tell(scripts.hear, seat.keys, [time(), seat.rule(limit), ...word, owner, ended])))
      seat.ended += ended;
  }

  async report(): Promise<StateReport["limits"]> {
    const { clock, scripts, time } = this.#options;
    const now = clock.now();
    const reports = this.#seats.all().map(async (seat) => {
      const args = [time(), seat.rule(seat.limit)];
      const answer = await limited(clock, this.#run(scripts.report, seat.keys, args), reportLimitMs);
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

  /** A unit of a slot that was opened under another rule, or in a record that has lost its memory, goes back. */
  #fromSlot(slot: OpenSlot, seat: LimitSeat, limits: readonly LimitObject[], cost: number): AdmissionAnswer {
    const [limit = seat.limit] = limits;
    if (seat.fits(slot, limit)) return [1, slot.at, 0, slot.at, slot.born];
    void this.giveBack(limits, cost, startOf(slot.at), 1);
    if (!seat.knows(slot.born)) seat.oweAll();
    return [askAnew];
  }

  #heard(answer: AdmissionAnswer, seats: readonly LimitSeat[], told: readonly Told[]): void {
    const [verdict, place = 0, , , ...born] = answer;
    if (verdict === askAnew) return;
    if (verdict === 2) {
      for (const [index, seat] of seats.entries()) seat.untell(told[index]);
      seats[place - 1]?.oweAll();
    } else for (const [index, seat] of seats.entries()) seat.answered(born[index] ?? 0, told[index]);
  }

  /** Needs no answer but whether it arrived. */
  async #tell(script: Script, keys: readonly string[], args: readonly ScriptArgument[]): Promise<boolean> {
    const { availability, clock } = this.#options;
    if (!availability.up) return false;
    try {
      await limited(clock, this.#run(script, keys, args), reportLimitMs);
      return true;
    } catch (error) {
      // Who asks hears of it.
      if (configurationFault(error) === undefined) availability.lost(reasonOf(error));
      return false;
    }
  }

  #run(script: Script, keys: readonly string[], args: readonly ScriptArgument[]): Promise<unknown> {
    return runScript(this.#options.client, script, keys, args);
  }
}

function keysOf(seats: readonly LimitSeat[]): readonly string[] {
  return seats.flatMap(({ keys }) => keys);
}

function numbersOf(answer: unknown): readonly number[] {
  // An open slot that holds what is not ours is answered as it is.
  if (typeof answer === "string") throw foreignKeyError();
  if (!Array.isArray(answer)) throw new TypeError("The answer of a script is no list.");
  return answer.map(Number);
}
