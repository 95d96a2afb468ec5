/** Those who wait for a limit. */
import type { ConnectorError } from "../errors.ts";
import type { Admission, Awaitable, Clock, LimitObject, LimitTrial, Said, State } from "../ports.ts";
import { isPromise } from "../settled.ts";
import { Signals } from "../signals.ts";
import { Forecast } from "./forecast.ts";
import { type GrantDesk, PaceGrant } from "./grant.ts";
import { Heap } from "./heap.ts";
import { type LaneQueue, limitKey, type Waiter } from "./lane.ts";
import type { Line } from "./line.ts";
import { LineDirectory } from "./line-directory.ts";
import type { Grant, PaceRequest } from "./pacer-contract.ts";
import { pacerClosed, queueFull, rateLimited, stateFailed, waitAborted } from "./pacing-errors.ts";
import { rankOf } from "./priority.ts";
import { mostPlayers, Stage } from "./rehearsal.ts";
import { Reservations } from "./reservations.ts";
import { RoundRefusals } from "./round-refusals.ts";
import { WakeTimer } from "./wake-timer.ts";

/** More than these start in the next turn of the event loop. */
const startsPerTick = 1_000;

/** Where only the end of a running call helps and that call may be another pacer's: ask again after so long. */
const pollMs = 50;

/** A state refuses until a time that is over here: it has not seen the clock step back, or its answer took long. */
const leastPauseMs = 1;

/** What of a state is asked here. */
type PacingState = Pick<State, "admit" | "refund" | "release" | "feedback" | "earliest" | "trial">;

type WaitingCall = Pick<
  Waiter,
  "lane" | "cost" | "deadline" | "rank" | "sequence" | "since" | "granted" | "failed"
>;

/**
 * A lane with waiters stands in one line: that of the limit that refused its head, or one of its own until then. The
 * first of a line is asked for when the line is due, the lines in the order of their firsts.
 */
export class WaitingRoom implements GrantDesk {
  closed = false;
  readonly #state: PacingState;
  readonly #clock: Clock;
  readonly #maxQueue: number;
  readonly #lines = new LineDirectory();
  readonly #deadlines = new Heap<Waiter>((a, b) => a.deadline < b.deadline);
  /** Lanes with waiters. */
  readonly #lanes = new Set<LaneQueue>();
  readonly #reservations = new Reservations();
  readonly #signals = new Signals();
  readonly #refused = new RoundRefusals();
  readonly #forecast: Forecast;
  readonly #timer: WakeTimer;
  #sequence = 0;
  #now = Number.NEGATIVE_INFINITY;

  constructor(state: PacingState, clock: Clock, maxQueue: number) {
    this.#state = state;
    this.#clock = clock;
    this.#maxQueue = maxQueue;
    this.#forecast = new Forecast(state, this.#lines, () => this.#time());
    this.#timer = new WakeTimer(clock, () => this.#round());
  }

  /** A grant at once, or a promise of one. */
  enter(lane: LaneQueue, request: PaceRequest): Grant | Promise<Grant> {
    const alone = this.#deadlines.size === 0 && lane.asking === undefined;
    if (!alone && !this.#mayAsk(lane)) return this.#queue(lane, request);
    const answer = this.#ask(lane, request.cost);
    if (isPromise(answer)) {
      const promise = this.#wait(lane, request);
      this.#lines.join(lane, lane.ownKey, undefined);
      if (lane.line !== undefined) this.#listen(lane.line, lane, answer);
      this.#arm();
      return promise;
    }
    if (answer.admitted) {
      if (!alone) this.#lines.served(lane.tenant, lane.sharedKeys);
      return new PaceGrant(this, lane, request.cost, answer.at, 0);
    }
    const at = alone ? answer.at : Math.max(answer.at, this.#forecast.startAfter(lane, request.cost));
    if (isTooLate(at, request.deadline)) throw this.#refusal(lane, request.cost, at);
    if (this.#maxQueue < 1) throw queueFull(lane, this.#retryAt(lane, request.cost, answer.at), this.#clock);
    const promise = this.#wait(lane, request);
    this.#lines.join(lane, keyOf(lane, answer.blockedBy), undefined, this.#whenToAsk(answer.at));
    this.#arm();
    return promise;
  }

  feedback(limit: LimitObject, said: Said): void {
    const told = this.#state.feedback(limit, said);
    if (this.#deadlines.size === 0 && !isPromise(told)) return;
    this.#after(told, () => {
      const key = limitKey(limit);
      if (said.holdUntil !== undefined || said.remaining === 0) this.#failLate(limit, key);
      this.#wake([key]);
    });
  }

  refund(lane: LaneQueue, cost: number, startedAt: number | undefined): void {
    const told = this.#state.refund(lane.limits, cost, startedAt);
    if (this.#deadlines.size > 0 || isPromise(told)) this.#after(told, () => this.#wake(lane.keys));
  }

  release(lane: LaneQueue): void {
    const told = this.#state.release(lane.limits);
    // Nobody waits: not even a closure is made.
    if (this.#deadlines.size > 0 || isPromise(told)) this.#after(told, () => this.#wake(lane.runningKeys));
  }

  inspect(): readonly { readonly id: string; readonly waiting: number }[] {
    const waiting = new Map<string, number>();
    for (const lane of this.#lanes) {
      const id = lane.limits.map((limit) => limit.key.id).join(" + ");
      waiting.set(id, (waiting.get(id) ?? 0) + lane.size);
    }
    return [...waiting].map(([id, count]) => ({ id, waiting: count }));
  }

  close(): void {
    this.closed = true;
    for (let waiter = this.#deadlines.peek(); waiter !== undefined; waiter = this.#deadlines.peek()) {
      this.#leave(waiter);
      waiter.failed(pacerClosed());
    }
    this.#arm();
  }

  /** Never steps back, whatever the clock does. */
  #time(): number {
    this.#now = Math.max(this.#now, this.#clock.now());
    return this.#now;
  }

  /** Those who are due go first; then whether a newcomer may ask for this lane at all. */
  #mayAsk(lane: LaneQueue): boolean {
    const now = this.#time();
    const late = (this.#deadlines.peek()?.deadline ?? Number.POSITIVE_INFINITY) <= now;
    if (late || this.#lines.nextAt <= now) this.#round();
    const first = lane.head === undefined && lane.asking === undefined;
    return first && !this.#lines.someReady && this.#reservations.against(lane) === undefined;
  }

  /** Waits behind others without asking. */
  #queue(lane: LaneQueue, request: PaceRequest): Promise<Grant> {
    const at = this.#forecast.startAfter(lane, request.cost);
    if (lane.size >= this.#maxQueue)
      throw queueFull(lane, this.#retryAt(lane, request.cost, at), this.#clock);
    if (isTooLate(at, request.deadline)) throw this.#refusal(lane, request.cost, at);
    const isFirst = lane.head === undefined;
    const promise = this.#wait(lane, request);
    if (isFirst) {
      this.#lines.join(lane, lane.asking?.key ?? lane.ownKey, undefined);
    }
    this.#arm();
    return promise;
  }

  #wait(lane: LaneQueue, request: PaceRequest): Promise<Grant> {
    return new Promise<Grant>((granted, failed) => {
      const since = this.#time();
      const waiter = this.#stand({
        lane,
        cost: request.cost,
        deadline: request.deadline,
        rank: rankOf(since, lane.priority),
        sequence: this.#sequence++,
        since,
        granted,
        failed,
      });
      if (request.signal !== undefined) this.#heed(waiter, request.signal);
    });
  }

  #heed(waiter: Waiter, signal: AbortSignal): void {
    const aborted = (): void => {
      this.#leave(waiter);
      waiter.failed(waitAborted(signal));
      if (this.#lines.someReady) this.#round();
      else this.#arm();
    };
    waiter.unlisten = this.#signals.onAbort(signal, aborted);
  }

  /** Takes a waiter out. Where it was its lane's head, the next one has its place, and what was reserved is free. */
  #leave(waiter: Waiter): void {
    const lane = waiter.lane;
    const wasHead = lane.head === waiter;
    // Lines compare lanes by their heads: a lane leaves its line before its head changes.
    const place = wasHead ? this.#lines.leave(lane) : undefined;
    lane.remove(waiter);
    this.#deadlines.remove(waiter);
    waiter.waiting = false;
    waiter.unlisten();
    if (!wasHead) return;
    const freed = this.#reservations.drop(lane);
    if (lane.head === undefined) this.#lanes.delete(lane);
    else this.#lines.join(lane, place?.key ?? lane.ownKey, place?.turn);
    this.#lines.wake(freed);
  }

  /** Asks for the first of every line that is due. */
  #round(): void {
    const now = this.#time();
    this.#expire(now);
    this.#refused.clear();
    for (let started = 0; started < startsPerTick; ) {
      const line = this.#lines.take(now);
      if (line === undefined) break;
      if (this.#serve(line)) started++;
    }
    this.#arm();
  }

  #expire(now: number): void {
    for (
      let late = this.#deadlines.peek();
      late !== undefined && late.deadline <= now;
      late = this.#deadlines.peek()
    ) {
      this.#leave(late);
      // A new try joins the end of the lane.
      late.failed(this.#refusal(late.lane, late.cost, this.#forecast.startAfter(late.lane, late.cost)));
    }
  }

  /** Those who wait in line for a limit that is held past their deadlines need not wait for them. */
  #failLate(limit: LimitObject, key: string): void {
    const at = this.#forecast.startOf(limit, 1);
    for (const lane of this.#lines.lanesOf(key)) {
      for (let head = lane.head; head !== undefined && isTooLate(at, head.deadline); head = lane.head) {
        this.#leave(head);
        head.failed(this.#refusal(lane, head.cost, at));
      }
    }
  }

  /** Asks for the first of a line that was taken; true where it started. */
  #serve(line: Line): boolean {
    const lane = line.first;
    const head = lane?.head;
    if (lane === undefined || head === undefined) {
      this.#lines.place(line);
      return false;
    }
    const met = this.#reservations.against(lane, line);
    if (met !== undefined) {
      const { key, until } = this.#reservations.lineAfter(met, line);
      this.#lines.wake(this.#reservations.drop(lane));
      this.#move(lane, key, until);
      return false;
    }
    const answer = this.#refused.of(lane, head.cost) ?? this.#ask(lane, head.cost, head);
    if (isPromise(answer)) {
      this.#listen(line, lane, answer);
      return false;
    }
    this.#answered(lane, head, answer);
    return answer.admitted;
  }

  #move(lane: LaneQueue, key: string, refusedUntil?: number): void {
    const place = this.#lines.leave(lane);
    this.#lines.join(lane, key, place?.key === key ? place.turn : undefined, refusedUntil);
  }

  #answered(lane: LaneQueue, head: Waiter, answer: Admission): void {
    if (answer.admitted) {
      this.#leave(head);
      this.#lines.served(lane.tenant, lane.sharedKeys);
      const waitedMs = Math.max(0, this.#time() - head.since);
      head.granted(new PaceGrant(this, lane, head.cost, answer.at, waitedMs));
      return;
    }
    const key = keyOf(lane, answer.blockedBy);
    this.#refused.add(key, head.cost, answer);
    if (isTooLate(answer.at, head.deadline)) {
      this.#leave(head);
      head.failed(this.#refusal(lane, head.cost, answer.at));
      return;
    }
    this.#reserve(lane, head, key, answer.at);
    this.#move(lane, key, this.#whenToAsk(answer.at));
  }

  #refusal(lane: LaneQueue, cost: number, at: number): ConnectorError {
    return rateLimited(lane, this.#retryAt(lane, cost, at), this.#clock);
  }

  /**
   * The first moment at which a new call starts at once, where nobody else comes: what is to come is played on a copy.
   * `at`, an estimate that is exact where all cost the same, where many wait or the state makes no copy.
   */
  #retryAt(lane: LaneQueue, cost: number, at: number): number {
    const state = this.#state;
    if (!Number.isFinite(at) || !state.trial || this.#deadlines.size > mostPlayers) return at;
    const stage = new Stage(this.#time());
    const mine = stage.lane(lane);
    for (const other of this.#lanes) stage.lane(other);
    const trial = state.trial(stage.limits, stage.clock);
    const room = new WaitingRoom(stateOf(trial), stage.clock, 0);
    room.#restage(this, stage);
    const found = stage.play(() => {
      return room.#mayAsk(mine) ? trial.roomAt(mine.limits, cost) : undefined;
    });
    return found ?? at;
  }

  /** Everyone waits here as there. */
  #restage(other: WaitingRoom, stage: Stage): void {
    this.#now = other.#now;
    for (const lane of other.#lanes) {
      const copy = stage.lane(lane);
      for (let one = lane.head; one !== undefined; one = one.next)
        this.#stand({ ...one, lane: copy, granted: ignore, failed: ignore });
      this.#lines.joinAs(copy, lane, other.#lines);
    }
    this.#reservations.recall(other.#reservations, (lane) => stage.lane(lane));
    this.#arm();
  }

  /** Takes in who waits. */
  #stand(call: WaitingCall): Waiter {
    const { lane, cost, deadline, rank, sequence, since, granted, failed } = call;
    const waiter: Waiter = {
      lane,
      cost,
      deadline,
      rank,
      sequence,
      since,
      granted,
      failed,
      unlisten: ignore,
      waiting: true,
      previous: undefined,
      next: undefined,
      heapIndex: -1,
    };
    this.#lanes.add(lane);
    lane.push(waiter);
    this.#deadlines.push(waiter);
    return waiter;
  }

  #whenToAsk(at: number): number {
    const now = this.#time();
    if (!Number.isFinite(at)) return now + pollMs;
    return at > now ? at : now + leastPauseMs;
  }

  /**
   * A head past its longest window reserves what refuses it. Where that takes longer than a limit takes to fill, as
   * the server said so, it holds up nobody elsewhere.
   */
  #reserve(lane: LaneQueue, head: Waiter, key: string, at: number): void {
    const now = this.#time();
    if (now - head.since < lane.longestMs) return;
    const isHeld = Number.isFinite(at) && at - now > lane.longestFillMs;
    if (isHeld) this.#lines.wake(this.#reservations.drop(lane));
    else this.#reservations.add(lane, key);
  }

  /** A state that throws and one that rejects are the same. */
  #ask(lane: LaneQueue, cost: number, head?: Waiter): Awaitable<Admission> {
    try {
      if (head === undefined) return this.#state.admit(lane.limits, cost);
      const waitedMs = Math.max(0, this.#time() - head.since);
      return this.#state.admit(lane.limits, cost, { units: lane.units, waitedMs, tenant: lane.tenant });
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** Hears the state's answer for the head of a lane, who may have left by then. */
  #listen(line: Line, lane: LaneQueue, answer: Promise<Admission>): void {
    const asked = lane.head;
    line.asking = true;
    lane.asking = line;
    this.#lines.place(line);
    const heard = (hear: (head: Waiter | undefined) => void): void => {
      line.asking = false;
      lane.asking = undefined;
      this.#refused.clear();
      this.#lines.place(line);
      hear(asked?.waiting === true ? asked : undefined);
      this.#round();
    };
    answer.then(
      (admission) =>
        heard((head) => {
          if (head !== undefined) this.#answered(lane, head, admission);
          else if (admission.admitted && asked !== undefined) this.refund(lane, asked.cost, admission.at);
        }),
      (error: unknown) =>
        heard((head) => {
          if (head === undefined) return;
          this.#leave(head);
          head.failed(stateFailed(error));
        }),
    );
  }

  /** Something came free in these limits: who waits for them is asked for again. */
  #wake(keys: readonly string[]): void {
    this.#lines.wake(keys);
    if (this.#lines.someReady) this.#round();
    else this.#arm();
  }

  /** Release, refund and feedback need no answer: one that fails is the state's own affair. */
  #after(answer: Awaitable<void>, then: () => void): void {
    const next = (): void => {
      if (this.#deadlines.size > 0) then();
    };
    if (isPromise(answer)) answer.then(next, ignore);
    else next();
  }

  #arm(): void {
    this.#timer.set(
      Math.min(this.#lines.nextAt, this.#deadlines.peek()?.deadline ?? Number.POSITIVE_INFINITY),
    );
  }
}

/** A state in which starts are all that happens. */
function stateOf(trial: LimitTrial): PacingState {
  return {
    admit: (limits, cost) => trial.admit(limits, cost),
    refund: ignore,
    release: ignore,
    feedback: ignore,
  };
}

/** The key of the limit that refused, which a state may give as a copy. */
function keyOf(lane: LaneQueue, limit: LimitObject): string {
  return lane.keys[lane.limits.indexOf(limit)] ?? limitKey(limit);
}

/** Infinity is no promise of lateness: a running call may end at any time. */
function isTooLate(at: number, deadline: number): boolean {
  return at > deadline && Number.isFinite(at);
}

function ignore(): void {}
