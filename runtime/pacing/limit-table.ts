/** The limits of one process: looked up by key, taken from together, dropped when idle. */
import { capacity } from "../../schema/language/limits.ts";
import type { Admission, Clock, LimitObject, Said, StateReport } from "../ports.ts";
import { LimitRecord } from "./limit-record.ts";

/** Records looked at for idleness: two at every new key, so that the round overtakes the growth, and one at every 64 admissions. */
const looksPerKey = 2;
const looksPerAdmission = 1 / 64;

interface Seat {
  readonly map: Map<string, LimitRecord>;
  readonly key: string;
  readonly record: LimitRecord;
}

/** All limits that a memory state holds; see `State` for what each method means. */
export class LimitTable {
  readonly #clock: Pick<Clock, "now">;
  /** By id, which is an opaque hash; `#strangers` holds those whose id another tenant uses as well. */
  readonly #records = new Map<string, LimitRecord>();
  readonly #strangers = new Map<string, LimitRecord>();
  /** Records of the limits that `admit` looks at; kept between calls to be filled anew. */
  readonly #peeked: LimitRecord[] = [];
  #round: Iterator<Seat, undefined> | undefined;
  #looksDue = 0;
  #now: number;

  constructor(clock: Pick<Clock, "now">) {
    this.#clock = clock;
    this.#now = clock.now();
  }

  admit(limits: readonly LimitObject[], cost: number): Admission {
    const now = this.#time();
    this.#tidy(now);
    const [only] = limits;
    if (only !== undefined && limits.length === 1) return this.#admitOne(only, cost, now);
    const refusal = this.#peek(limits, cost, now);
    if (refusal !== undefined) return refusal;
    let index = 0;
    for (const limit of limits) this.#peeked[index++]?.take(limit, cost, now);
    return { admitted: true, at: now };
  }

  #admitOne(limit: LimitObject, cost: number, now: number): Admission {
    const record = this.#record(limit);
    const at = record.earliest(limit, cost, now);
    if (at > now) {
      record.refuse(limit);
      return { admitted: false, at, blockedBy: limit };
    }
    record.take(limit, cost, now);
    return { admitted: true, at: now };
  }

  /** Looks at all limits; their records are left in `#peeked`. */
  #peek(limits: readonly LimitObject[], cost: number, now: number): Admission | undefined {
    let at = now;
    let blockedBy: LimitObject | undefined;
    let index = 0;
    for (const limit of limits) {
      const record = this.#record(limit);
      this.#peeked[index++] = record;
      const free = record.earliest(limit, cost, now);
      if (free > now) record.refuse(limit);
      if (free <= at) continue;
      at = free;
      blockedBy = limit;
    }
    return blockedBy === undefined ? undefined : { admitted: false, at, blockedBy };
  }

  /** Notes starts that were made elsewhere, by time and units in the order of time, and how many of their calls run. */
  recall(limit: LimitObject, starts: readonly (readonly [number, number])[], running: number): void {
    this.#record(limit).recall(limit, starts, running);
  }

  /** When all of these have room for `cost`; looks and does nothing. */
  roomAt(limits: readonly LimitObject[], cost: number): number {
    const now = this.#time();
    let at = now;
    for (const limit of limits) at = Math.max(at, this.#record(limit).earliest(limit, cost, now));
    return at;
  }

  earliest(limits: readonly LimitObject[], units: number): number {
    const now = this.#time();
    let at = now;
    for (const limit of limits) at = Math.max(at, this.#record(limit).forecast(limit, units, now));
    return at;
  }

  /** See `State.trial`. */
  trial(limits: readonly LimitObject[], clock: Pick<Clock, "now">): LimitTable {
    const trial = new LimitTable(clock);
    trial.#now = this.#time();
    for (const limit of limits) {
      const record = this.#find(limit);
      if (record && !trial.#find(limit)) trial.#keep(limit, record.copy(trial));
    }
    return trial;
  }

  refund(limits: readonly LimitObject[], cost: number, at: number | undefined): void {
    const now = this.#time();
    for (const limit of limits) this.#known(limit)?.refund(limit, cost, at, now);
  }

  release(limits: readonly LimitObject[]): void {
    for (const limit of limits) this.#known(limit)?.release();
  }

  hear(limit: LimitObject, said: Said): void {
    const now = this.#time();
    // A clock that has stepped back tells times that lie before those that are kept.
    const ahead = now - this.#clock.now();
    const shifted = (at: number | undefined): number | undefined =>
      at === undefined ? undefined : at + ahead;
    const { holdUntil, remaining, resetAt } = said;
    const heard =
      ahead === 0 ? said : { holdUntil: shifted(holdUntil), remaining, resetAt: shifted(resetAt) };
    this.#record(limit).hear(limit, heard, now);
  }

  /** What is in use now; idle limits are dropped on the way. */
  report(): StateReport["limits"] {
    const now = this.#time();
    const report: StateReport["limits"][number][] = [];
    for (const map of [this.#records, this.#strangers]) {
      for (const [key, record] of map) {
        if (record.idle(now)) this.#forget(map, key, record);
        else report.push(reportOf(record, now));
      }
    }
    return report;
  }

  /** Limits that are remembered, idle ones among them. */
  get size(): number {
    return this.#records.size + this.#strangers.size;
  }

  clear(): void {
    for (const map of [this.#records, this.#strangers])
      for (const record of map.values()) record.owner = undefined;
    this.#records.clear();
    this.#strangers.clear();
  }

  /** Never steps back, whatever the clock does. */
  #time(): number {
    const now = this.#clock.now();
    if (now > this.#now) this.#now = now;
    return this.#now;
  }

  #find(limit: LimitObject): LimitRecord | undefined {
    const record = this.#records.get(limit.key.id);
    if (record !== undefined && isOf(record, limit)) return record;
    return this.#strangers.size === 0 ? undefined : this.#strangers.get(strangerKey(limit));
  }

  #known(limit: LimitObject): LimitRecord | undefined {
    const known = limit.memo;
    return known instanceof LimitRecord && known.owner === this ? known : this.#find(limit);
  }

  /** By the limit's memo, else by its key. A record that was dropped is nobody's any more, whoever remembers it. */
  #record(limit: LimitObject): LimitRecord {
    const known = limit.memo;
    if (known instanceof LimitRecord && known.owner === this) return known;
    const record = this.#find(limit) ?? this.#add(limit);
    limit.memo = record;
    return record;
  }

  #add(limit: LimitObject): LimitRecord {
    const record = new LimitRecord(limit, this);
    this.#keep(limit, record);
    this.#looksDue += looksPerKey;
    return record;
  }

  #keep(limit: LimitObject, record: LimitRecord): void {
    if (this.#records.has(limit.key.id)) this.#strangers.set(strangerKey(limit), record);
    else this.#records.set(limit.key.id, record);
  }

  /** Looks at a few records on an endless round and drops idle ones: no timer, no pause for a sweep. */
  #tidy(now: number): void {
    for (this.#looksDue += looksPerAdmission; this.#looksDue >= 1; this.#looksDue--) {
      this.#round ??= this.#walk();
      const next = this.#round.next();
      if (next.done === true) {
        this.#round = undefined;
        this.#looksDue = 0;
        return;
      }
      const { map, key, record } = next.value;
      if (record.idle(now)) this.#forget(map, key, record);
    }
  }

  #forget(map: Map<string, LimitRecord>, key: string, record: LimitRecord): void {
    map.delete(key);
    record.owner = undefined;
  }

  *#walk(): Generator<Seat, undefined> {
    for (const map of [this.#records, this.#strangers])
      for (const [key, record] of map) yield { map, key, record };
  }
}

function isOf(record: LimitRecord, limit: LimitObject): boolean {
  return record.limit === limit || record.limit.key.tenant === limit.key.tenant;
}

function strangerKey(limit: LimitObject): string {
  return JSON.stringify([limit.key.tenant, limit.key.id]);
}

function reportOf(record: LimitRecord, now: number): StateReport["limits"][number] {
  const heldUntil = record.heldUntil(now);
  return {
    id: record.limit.key.id,
    used: record.used(now),
    capacity: capacity(record.limit),
    running: record.running,
    ...(heldUntil === undefined ? {} : { heldUntil }),
  };
}
