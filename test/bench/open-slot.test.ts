/** The open slot of a limit: what it gives is never too much, counts for a slot's width longer at most, and is all in the record. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileLua, type LuaValue, Packed } from "../../bench/fleet-sim/lua-script.ts";
import { RedisStore } from "../../bench/fleet-sim/redis-store.ts";
import { admitScript } from "../../runtime/redis/scripts/admit.ts";
import { giveBackScript, hearScript, reportScript } from "../../runtime/redis/scripts/limits.ts";
import { readOpenSlot, slotChange } from "../../runtime/redis/scripts/open-slot.ts";

const intervalUs = 1_000_000;
const slotUs = intervalUs / 128;

type Step =
  | { readonly kind: "admit"; readonly owner: number; readonly cost: number; readonly ended: number }
  | { readonly kind: "calls"; readonly owner: number; readonly count: number; readonly apartUs: number }
  | { readonly kind: "giveBack"; readonly index: number }
  | { readonly kind: "wait"; readonly us: number }
  | { readonly kind: "report" | "hold" | "forget" };

const owner = fc.nat(2);
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant("admit" as const),
        owner,
        cost: fc.constantFrom(1, 1, 3),
        ended: fc.nat(2),
      }),
    },
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant("calls" as const),
        owner,
        count: fc.integer({ min: 2, max: 120 }),
        apartUs: fc.constantFrom(0, 10, 300, 1_500, 4_000),
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("giveBack" as const), index: fc.nat(200) }) },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant("wait" as const),
        us: fc.constantFrom(1, 900, 7_000, 120_000, intervalUs / 2, intervalUs, 3 * intervalUs),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constantFrom("report" as const, "report" as const, "hold" as const) }),
    },
  ),
  { minLength: 5, maxLength: 40 },
);

interface Start {
  readonly time: number;
  readonly at: number;
  readonly cost: number;
}

/** One limit of 300 and a burst in the simulated server, and what it has admitted. */
class Subject {
  now = 1_700_000_000_000_000;
  starts: Start[] = [];
  running = 0;
  /** Admissions that an open slot has given. */
  fromSlot = 0;
  readonly #burst: number;
  readonly #store = new RedisStore(() => this.now);
  readonly #keys = [undefined, ..."mwrqoc"].map((key) => key && `limit:${key}`);
  readonly #known = new Map<number, number>();

  constructor(burst: number) {
    this.#burst = burst;
  }

  get capacity(): number {
    return 300 + this.#burst;
  }

  /** Units that have started in the last interval, or so many microseconds before it. */
  startedSince(beforeUs: number): number {
    return this.starts
      .filter(({ time }) => time > this.now - intervalUs - beforeUs)
      .reduce((sum, { cost }) => sum + cost, 0);
  }

  admit(owner: number, cost: number, given: number): void {
    const ended = Math.min(given, this.running);
    const known = this.#known.get(owner) ?? 0;
    const word = new Packed([...this.#rule, known, -1, ended]);
    const args = ["", `o${owner}`, String(cost), "0", "7000", slotChange(cost, ended), word];
    const said = this.#run(scripts.admit, args);
    const slot = readOpenSlot(said);
    if (slot !== undefined) this.fromSlot++;
    const answer = slot === undefined ? (said as number[]).slice(1) : [1, slot.at, 0, this.now, slot.born];
    this.running -= ended;
    if (answer[4] !== undefined) this.#known.set(owner, answer[4]);
    if (answer[0] !== 1) return;
    this.starts = this.starts.filter(({ time }) => time > this.now - 2 * intervalUs);
    expect(this.startedSince(0) + cost).toBeLessThanOrEqual(this.capacity);
    this.running++;
    this.starts.push({ time: this.now, at: answer[1] ?? 0, cost });
  }

  giveBack(index: number): void {
    const start = this.starts[this.starts.length - 1 - (index % Math.max(1, this.starts.length))];
    // What has left the window is not there to be given back.
    if (start === undefined || start.time <= this.now - intervalUs || this.running === 0) return;
    const args = ["", "o0", String(start.cost), String(start.at), new Packed(this.#rule), "1"];
    this.#run(scripts.giveBack, args);
    this.running--;
    this.starts = this.starts.filter((one) => one !== start);
  }

  hold(): void {
    this.#run(scripts.hear, ["", new Packed(this.#rule), "5000", "-1", "-1", "o0", "0"]);
  }

  report(): { readonly used: number; readonly running: number } {
    const [, used, running] = this.#run(scripts.report, ["", new Packed(this.#rule)]) as number[];
    return { used: used ?? 0, running: running ?? 0 };
  }

  get #rule(): readonly number[] {
    return [300, intervalUs, this.#burst, 0, 0, slotUs, 0];
  }

  #run(script: ReturnType<typeof compileLua>, args: readonly LuaValue[]): LuaValue {
    return script(this.#store.call, this.#keys, [undefined, ...args]);
  }
}

const scripts = {
  admit: compileLua(admitScript),
  giveBack: compileLua(giveBackScript),
  hear: compileLua(hearScript),
  report: compileLua(reportScript),
};

function take(subject: Subject, step: Step): void {
  if (step.kind === "admit") subject.admit(step.owner, step.cost, step.ended);
  if (step.kind === "calls")
    for (let count = 0; count < step.count; count++) {
      subject.admit(step.owner, 1, 1);
      subject.now += step.apartUs;
    }
  if (step.kind === "giveBack") subject.giveBack(step.index);
  if (step.kind === "wait") subject.now += step.us;
  if (step.kind === "hold") subject.hold();
  if (step.kind !== "report") return;
  const { used, running } = subject.report();
  expect(running).toBe(subject.running);
  expect(used).toBeGreaterThanOrEqual(subject.startedSince(0));
  // Late by a slot, and by a microsecond that is rounded.
  expect(used).toBeLessThanOrEqual(subject.startedSince(slotUs + 1));
}

describe("an open slot", () => {
  test("gives no more than the limit in any window, and all that it gave stands in the record", () => {
    let fromSlot = 0;
    fc.assert(
      fc.property(fc.constantFrom(0, 40), steps, (burst, steps) => {
        const subject = new Subject(burst);
        for (const step of [...steps, { kind: "report" } as const]) take(subject, step);
        fromSlot += subject.fromSlot;
      }),
      { numRuns: 60 },
    );
    expect(fromSlot).toBeGreaterThan(500);
  });
});
