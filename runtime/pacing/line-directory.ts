/** The lines of all limits, and which of them is to be asked for next. */
import { Heap } from "./heap.ts";
import { isBefore, type LaneQueue } from "./lane.ts";
import { Line } from "./line.ts";
import type { Priority } from "./priority.ts";

/** Where a lane stood. */
export interface Place {
  readonly key: string;
  readonly turn: number;
}

/** A line with lanes is ready (to be asked for now), parked (until its `at`), or the state has been asked for its first. */
export class LineDirectory {
  readonly #ready = new Heap<Line>((a, b) => isBefore(a.first, b.first));
  readonly #parked = new Heap<Line>((a, b) => a.at < b.at);
  readonly #byKey = new Map<string, Map<number, Line>>();
  #turn = 0;

  /** When the next line is due; -Infinity where one is ready. */
  get nextAt(): number {
    if (this.#ready.size > 0) return Number.NEGATIVE_INFINITY;
    return this.#parked.peek()?.at ?? Number.POSITIVE_INFINITY;
  }

  get someReady(): boolean {
    return this.#ready.size > 0;
  }

  /** Takes the line whose first comes before those of all other lines that are due. */
  take(now: number): Line | undefined {
    for (let line = this.#parked.peek(); line !== undefined && line.at <= now; line = this.#parked.peek()) {
      this.#parked.remove(line);
      line.at = Number.NEGATIVE_INFINITY;
      this.#ready.push(line);
    }
    return this.#ready.pop();
  }

  /**
   * Puts a lane in the line of a key for the cost of its head. What the line waits for is known where it stands
   * already: only the news of a refusal, at `refusedUntil`, changes it. A new line is due at once.
   */
  join(lane: LaneQueue, key: string, turn: number | undefined, refusedUntil?: number): void {
    const line = this.#line(key, lane.head?.cost ?? 0);
    this.#lift(line);
    line.add(lane, turn ?? this.#turn++);
    if (refusedUntil !== undefined) line.at = refusedUntil;
    this.place(line);
  }

  /** Takes a lane out of its line, before its head changes; answers where it stood. */
  leave(lane: LaneQueue): Place | undefined {
    const line = lane.line;
    const turn = line?.turnOf(lane.tenant);
    if (line === undefined || turn === undefined) return undefined;
    this.#lift(line);
    line.remove(lane);
    this.place(line);
    return { key: line.key, turn };
  }

  /** Puts a lane where another stands elsewhere. */
  joinAs(lane: LaneQueue, other: LaneQueue, others: LineDirectory): void {
    this.#turn = others.#turn;
    const { line } = other;
    if (line) this.join(lane, line.key, line.turnOf(other.tenant), line.at);
    else this.join(lane, lane.ownKey, undefined);
  }

  /** A line that was taken or has changed goes where it belongs. */
  place(line: Line): void {
    this.#lift(line);
    if (line.asking) return;
    if (line.empty) this.#drop(line);
    else if (line.at === Number.NEGATIVE_INFINITY) this.#ready.push(line);
    else this.#parked.push(line);
  }

  /** Something came free in these limits: their lines are due. */
  wake(keys: readonly string[]): void {
    for (const key of keys) {
      for (const line of this.#byKey.get(key)?.values() ?? []) {
        this.#lift(line);
        line.at = Number.NEGATIVE_INFINITY;
        this.place(line);
      }
    }
  }

  /** A request of this tenant started under limits that tenants share: it goes to the end of their rounds. */
  served(tenant: string, keys: readonly string[]): void {
    for (const key of keys) {
      for (const line of this.#byKey.get(key)?.values() ?? []) {
        this.#lift(line);
        line.served(tenant, this.#turn++);
        this.place(line);
      }
    }
  }

  /** Units that wait for a limit before one of this priority and cost. */
  unitsBefore(key: string, priority: Priority, cost: number): number {
    let sum = 0;
    for (const line of this.#byKey.get(key)?.values() ?? [])
      if (line.cost <= cost) sum += line.unitsFrom(priority);
    return sum;
  }

  /** All lanes that stand in line for a limit. */
  lanesOf(key: string): readonly LaneQueue[] {
    return [...(this.#byKey.get(key)?.values() ?? [])].flatMap((line) => [...line.lanes()]);
  }

  #lift(line: Line): void {
    if (this.#parked.has(line)) this.#parked.remove(line);
    else if (this.#ready.has(line)) this.#ready.remove(line);
  }

  #line(key: string, cost: number): Line {
    const lines = this.#byKey.get(key) ?? new Map<number, Line>();
    this.#byKey.set(key, lines);
    const line = lines.get(cost) ?? new Line(key, cost);
    lines.set(cost, line);
    return line;
  }

  #drop(line: Line): void {
    const lines = this.#byKey.get(line.key);
    if (lines?.get(line.cost) !== line) return;
    lines.delete(line.cost);
    if (lines.size === 0) this.#byKey.delete(line.key);
  }
}
