/** Those who wait for a limit, and the one timer that wakes them. */
import { leastSpanMs } from "../../schema/language/limits.ts";
import type { Admission, Awaitable, Clock, LimitObject, State, TimerHandle } from "../ports.ts";
import { Signals } from "../signals.ts";
import { type GrantDesk, PaceGrant } from "./grant.ts";
import { Heap } from "./heap.ts";
import { type LaneQueue, limitKey, type Waiter } from "./lane.ts";
import type { Grant, PaceRequest } from "./pacer-contract.ts";
import { pacerClosed, queueFull, rateLimited, stateFailed, waitAborted } from "./pacing-errors.ts";
import { Reservations } from "./reservations.ts";
import type { Said } from "./server-word.ts";

/** More than these start in the next turn of the event loop. */
const startsPerTick = 1_000;

/** Where only the end of a running call helps and that call may be another pacer's: ask again after so long. */
const pollMs = 50;

type Refusal = Extract<Admission, { admitted: false }>;

/**
 * A lane with waiters is in exactly one place: `#ready` (to be asked for now), `#parked` (until its `at`), or with
 * the state, which was asked and will answer (`asking`).
 */
export class WaitingRoom implements GrantDesk {
  closed = false;
  readonly #state: State;
  readonly #clock: Clock;
  readonly #maxQueue: number;
  readonly #ready = new Heap<LaneQueue>((a, b) => (a.head?.sequence ?? 0) < (b.head?.sequence ?? 0));
  readonly #parked = new Heap<LaneQueue>((a, b) => a.at < b.at);
  readonly #deadlines = new Heap<Waiter>((a, b) => a.deadline < b.deadline);
  /** Lanes with waiters, by the limits they wait for. */
  readonly #lanes = new Map<string, Set<LaneQueue>>();
  readonly #reservations = new Reservations();
  readonly #signals = new Signals();
  /** Refusals of the running round: who needs as much of the same limit is not asked for again. */
  readonly #refused = new Map<LimitObject, { readonly cost: number; readonly answer: Refusal }>();
  #sequence = 0;
  #timer: TimerHandle | undefined;
  #timerAt: number = Number.POSITIVE_INFINITY;

  constructor(state: State, clock: Clock, maxQueue: number) {
    this.#state = state;
    this.#clock = clock;
    this.#maxQueue = maxQueue;
  }

  /** A grant at once, or a promise of one. */
  enter(lane: LaneQueue, request: PaceRequest): Grant | Promise<Grant> {
    if ((this.#deadlines.size > 0 || lane.asking) && !this.#mayAsk(lane)) return this.#queue(lane, request);
    const answer = this.#ask(lane, request.cost);
    if (answer instanceof Promise) {
      const promise = this.#join(lane, request);
      this.#listen(lane, answer);
      this.#arm();
      return promise;
    }
    if (answer.admitted) return new PaceGrant(this, lane, request.cost, answer.at, 0);
    if (isTooLate(answer.at, request.deadline)) throw rateLimited(lane, answer.at, this.#clock);
    if (this.#maxQueue < 1) throw queueFull(lane, answer.at, this.#clock);
    const promise = this.#join(lane, request);
    this.#park(lane, answer.at);
    this.#arm();
    return promise;
  }

  feedback(limit: LimitObject, said: Said): void {
    const told = this.#state.feedback(limit, said);
    if (this.#deadlines.size > 0 || told instanceof Promise)
      this.#after(told, () => this.#wake([limitKey(limit)]));
  }

  refund(lane: LaneQueue, cost: number, startedAt: number | undefined): void {
    const told = this.#state.refund(lane.limits, cost, startedAt);
    if (this.#deadlines.size > 0 || told instanceof Promise) this.#after(told, () => this.#wake(lane.keys));
  }

  release(lane: LaneQueue): void {
    const told = this.#state.release(lane.limits);
    // Nobody waits: not even a closure is made.
    if (this.#deadlines.size > 0 || told instanceof Promise)
      this.#after(told, () => this.#wake(lane.runningKeys));
  }

  inspect(): readonly { readonly id: string; readonly waiting: number }[] {
    return [...this.#waitingLanes()].map((lane) => ({
      id: lane.limits.map((limit) => limit.key.id).join(" + "),
      waiting: lane.size,
    }));
  }

  close(): void {
    this.closed = true;
    for (let waiter = this.#deadlines.peek(); waiter !== undefined; waiter = this.#deadlines.peek()) {
      this.#leave(waiter);
      waiter.failed(pacerClosed());
    }
    this.#arm();
  }

  /** Older heads that are due go first; then whether a newcomer may ask for this lane at all. */
  #mayAsk(lane: LaneQueue): boolean {
    const now = this.#clock.now();
    const due = (this.#parked.peek()?.at ?? Number.POSITIVE_INFINITY) <= now;
    const late = (this.#deadlines.peek()?.deadline ?? Number.POSITIVE_INFINITY) <= now;
    if (due || late) this.#round();
    return (
      lane.head === undefined && !lane.asking && this.#ready.size === 0 && !this.#reservations.blocks(lane)
    );
  }

  /** Waits behind others without asking. */
  #queue(lane: LaneQueue, request: PaceRequest): Promise<Grant> {
    const at = this.#forecast(lane, lane.units + request.cost);
    if (lane.size >= this.#maxQueue) throw queueFull(lane, at, this.#clock);
    if (isTooLate(at, request.deadline)) throw rateLimited(lane, at, this.#clock);
    const first = lane.head === undefined;
    const promise = this.#join(lane, request);
    if (first && !lane.asking) this.#park(lane, this.#clock.now() + (this.#ready.size > 0 ? 0 : pollMs));
    this.#arm();
    return promise;
  }

  /** When the last of so many units of a lane can start at the earliest, as far as is known. */
  #forecast(lane: LaneQueue, units: number): number {
    const known = this.#state.earliest?.(lane.limits, units);
    if (typeof known === "number") return known;
    known?.catch(ignore);
    const now = this.#clock.now();
    const first = lane.head !== undefined && Number.isFinite(lane.at) ? Math.max(now, lane.at) : now;
    return first + lane.limits.reduce((most, limit) => Math.max(most, leastSpanMs(limit, units)), 0);
  }

  #join(lane: LaneQueue, request: PaceRequest): Promise<Grant> {
    return new Promise<Grant>((granted, failed) => {
      const waiter: Waiter = {
        lane,
        cost: request.cost,
        deadline: request.deadline,
        sequence: this.#sequence++,
        since: this.#clock.now(),
        granted,
        failed,
        unlisten: ignore,
        waiting: true,
        previous: undefined,
        next: undefined,
        heapIndex: -1,
      };
      if (lane.head === undefined) this.#register(lane);
      lane.push(waiter);
      this.#deadlines.push(waiter);
      if (request.signal !== undefined) this.#heed(waiter, request.signal);
    });
  }

  #heed(waiter: Waiter, signal: AbortSignal): void {
    const aborted = (): void => {
      this.#leave(waiter);
      waiter.failed(waitAborted(signal));
      if (this.#ready.size > 0) this.#round();
      else this.#arm();
    };
    waiter.unlisten = this.#signals.onAbort(signal, aborted);
  }

  /** Takes a waiter out. Where it was its lane's head, the next one asks, and what was reserved for it is free. */
  #leave(waiter: Waiter): void {
    const lane = waiter.lane;
    const wasHead = lane.head === waiter;
    // The heaps compare lanes by their heads: a lane leaves them before its head changes.
    if (wasHead) this.#unplace(lane);
    lane.remove(waiter);
    this.#deadlines.remove(waiter);
    waiter.waiting = false;
    waiter.unlisten();
    if (!wasHead) return;
    const freed = this.#reservations.drop(lane);
    if (lane.head === undefined) this.#unregister(lane);
    else if (!lane.asking) this.#ready.push(lane);
    this.#makeReady(freed);
  }

  /** Asks for every lane that is due, oldest head first. */
  #round(): void {
    const now = this.#clock.now();
    this.#expire(now);
    for (let lane = this.#parked.peek(); lane !== undefined && lane.at <= now; lane = this.#parked.peek()) {
      this.#parked.remove(lane);
      this.#ready.push(lane);
    }
    this.#refused.clear();
    for (let started = 0; started < startsPerTick; ) {
      const lane = this.#ready.pop();
      if (lane === undefined) break;
      if (this.#serve(lane)) started++;
    }
    this.#arm();
  }

  #expire(now: number): void {
    for (
      let late = this.#deadlines.peek();
      late !== undefined && late.deadline <= now;
      late = this.#deadlines.peek()
    ) {
      // A new try joins the end of the lane.
      const retryAt = this.#forecast(late.lane, late.lane.units);
      this.#leave(late);
      late.failed(rateLimited(late.lane, retryAt, this.#clock));
    }
  }

  /** Asks for one lane's head; true where it started. */
  #serve(lane: LaneQueue): boolean {
    const head = lane.head;
    if (head === undefined) return false;
    if (this.#reservations.blocks(lane)) {
      this.#park(lane, Number.POSITIVE_INFINITY);
      return false;
    }
    const answer = this.#knownRefusal(lane, head.cost) ?? this.#ask(lane, head.cost);
    if (answer instanceof Promise) {
      this.#listen(lane, answer);
      return false;
    }
    this.#answered(lane, head, answer);
    return answer.admitted;
  }

  #answered(lane: LaneQueue, head: Waiter, answer: Admission): void {
    if (answer.admitted) {
      this.#leave(head);
      head.granted(
        new PaceGrant(this, lane, head.cost, answer.at, Math.max(0, this.#clock.now() - head.since)),
      );
      return;
    }
    this.#refused.set(answer.blockedBy, { cost: head.cost, answer });
    if (isTooLate(answer.at, head.deadline)) {
      this.#leave(head);
      head.failed(rateLimited(lane, answer.at, this.#clock));
      return;
    }
    this.#reserve(lane, head, answer);
    this.#park(lane, answer.at);
  }

  /** A head past its longest window reserves what refuses it, unless that is held for longer than a window. */
  #reserve(lane: LaneQueue, head: Waiter, answer: Refusal): void {
    const now = this.#clock.now();
    const longest = lane.longestMs;
    if (now - head.since < longest) return;
    if (Number.isFinite(answer.at) && answer.at - now > longest)
      this.#makeReady(this.#reservations.drop(lane));
    else this.#reservations.add(lane, answer.blockedBy);
  }

  #knownRefusal(lane: LaneQueue, cost: number): Refusal | undefined {
    if (this.#refused.size === 0) return undefined;
    for (const limit of lane.limits) {
      const known = this.#refused.get(limit);
      if (known !== undefined && known.cost <= cost) return known.answer;
    }
    return undefined;
  }

  /** A state that throws and one that rejects are the same. */
  #ask(lane: LaneQueue, cost: number): Awaitable<Admission> {
    try {
      return this.#state.admit(lane.limits, cost);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** Hears the state's answer for the head of a lane, who may have left by then. */
  #listen(lane: LaneQueue, answer: Promise<Admission>): void {
    const asked = lane.head;
    lane.asking = true;
    const heard = (hear: (head: Waiter | undefined) => void): void => {
      lane.asking = false;
      this.#refused.clear();
      const stays = asked?.waiting === true;
      hear(stays ? asked : undefined);
      if (!stays && lane.head !== undefined) this.#ready.push(lane);
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

  #park(lane: LaneQueue, at: number): void {
    lane.at = Number.isFinite(at) ? at : this.#clock.now() + pollMs;
    this.#parked.push(lane);
  }

  #unplace(lane: LaneQueue): void {
    if (this.#parked.has(lane)) this.#parked.remove(lane);
    else if (this.#ready.has(lane)) this.#ready.remove(lane);
  }

  /** Something came free in these limits: their lanes are asked for again. */
  #wake(keys: readonly string[]): void {
    this.#makeReady(keys);
    if (this.#ready.size > 0) this.#round();
  }

  #makeReady(keys: readonly string[]): void {
    for (const key of keys) {
      for (const lane of this.#lanes.get(key) ?? []) {
        if (!this.#parked.has(lane)) continue;
        this.#parked.remove(lane);
        this.#ready.push(lane);
      }
    }
  }

  #register(lane: LaneQueue): void {
    for (const key of lane.keys) {
      const lanes = this.#lanes.get(key);
      if (lanes === undefined) this.#lanes.set(key, new Set([lane]));
      else lanes.add(lane);
    }
  }

  #unregister(lane: LaneQueue): void {
    for (const key of lane.keys) {
      const lanes = this.#lanes.get(key);
      lanes?.delete(lane);
      if (lanes?.size === 0) this.#lanes.delete(key);
    }
  }

  #waitingLanes(): ReadonlySet<LaneQueue> {
    return new Set([...this.#lanes.values()].flatMap((lanes) => [...lanes]));
  }

  /** Release, refund and feedback need no answer: one that fails is the state's own affair. */
  #after(answer: Awaitable<void>, then: () => void): void {
    const next = (): void => {
      if (this.#deadlines.size > 0) then();
    };
    if (answer instanceof Promise) answer.then(next, ignore);
    else next();
  }

  /** Sets the timer to what comes first. It may fire early, and is then set anew. */
  #arm(): void {
    const next = this.#nextTime();
    if (next === Number.POSITIVE_INFINITY) {
      this.#timer?.cancel();
      this.#timer = undefined;
      this.#timerAt = next;
      return;
    }
    if (this.#timer !== undefined && this.#timerAt <= next) return;
    this.#timer?.cancel();
    this.#timerAt = next;
    this.#timer = this.#clock.timer(Math.max(0, next - this.#clock.now()), () => {
      this.#timer = undefined;
      this.#timerAt = Number.POSITIVE_INFINITY;
      this.#round();
    });
    this.#timer.keepAlive?.();
  }

  #nextTime(): number {
    if (this.#ready.size > 0) return this.#clock.now();
    const start = this.#parked.peek()?.at ?? Number.POSITIVE_INFINITY;
    return Math.min(start, this.#deadlines.peek()?.deadline ?? Number.POSITIVE_INFINITY);
  }
}

/** Infinity is no promise of lateness: a running call may end at any time. */
function isTooLate(at: number, deadline: number): boolean {
  return at > deadline && Number.isFinite(at);
}

function ignore(): void {}
