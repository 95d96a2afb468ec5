import { describe, expect, test } from "vitest";
import { ConnectorError } from "../../../runtime/errors.ts";
import { createPacer } from "../../../runtime/pacing/pacer.ts";
import { createMemoryState } from "../../../runtime/state/memory-state.ts";
import { createFakeClock } from "../../../runtime/testing/clock.ts";
import { ask, bench, limitObject } from "./support.ts";

const forever = Number.POSITIVE_INFINITY;

describe("acquire", () => {
  test("is synchronous while there is room, and a promise once there is none", async () => {
    const { pacer, clock } = bench();
    const lane = pacer.lane([limitObject({ limit: 1 })], "tenant");
    expect(pacer.acquire(lane, { cost: 1, deadline: forever })).not.toBeInstanceOf(Promise);
    const waiting = pacer.acquire(lane, { cost: 1, deadline: forever });
    expect(waiting).toBeInstanceOf(Promise);
    await clock.advance(1000);
    expect((await waiting).waitedMs).toBe(1000);
  });

  test("without limits never waits", () => {
    const { pacer } = bench();
    const grant = pacer.acquire(pacer.lane([], "tenant"), { cost: 1e9, deadline: 0 });
    expect(grant).toMatchObject({ waitedMs: 0 });
  });

  test("refuses a cost that could never start", () => {
    const world = bench();
    expect(ask(world, [limitObject({ limit: 3 })], { cost: 4 }).error).toMatchObject({
      code: "configuration",
    });
  });

  test("fails at once, with the time to come back, where the start lies past the deadline", () => {
    const world = bench();
    const limits = [limitObject({ limit: 1, intervalMs: 60_000 })];
    ask(world, limits);
    const late = ask(world, limits, { deadline: world.clock.now() + 30_000 });
    expect(late.failedAt).toBe(world.clock.now());
    expect(late.error).toMatchObject({
      code: "rate_limited",
      phase: "pacing",
      retryAt: world.clock.wall() + 60_000,
    });
    expect(ConnectorError.is(late.error) && late.error.message).toContain("1 per 60 s");
    expect(world.clock.pending()).toBe(0);
  });

  test("counts those who wait before it when it judges a deadline", () => {
    const world = bench();
    const limits = [limitObject({ limit: 1 })];
    for (let i = 0; i < 4; i++) ask(world, limits);
    const late = ask(world, limits, { deadline: world.clock.now() + 3999 });
    expect(late.error).toMatchObject({ code: "rate_limited", retryAt: world.clock.wall() + 4000 });
    expect(ask(world, limits, { deadline: world.clock.now() + 4000 }).error).toBeUndefined();
  });

  test("fails at its deadline where only the end of another call would have helped", async () => {
    const world = bench();
    const limits = [limitObject({ maxConcurrent: 1 })];
    ask(world, limits);
    const late = ask(world, limits, { deadline: world.clock.now() + 500 });
    await world.clock.advance(499);
    expect(late.error).toBeUndefined();
    await world.clock.advance(1);
    expect(late.error).toMatchObject({ code: "rate_limited" });
    expect(world.clock.pending()).toBe(0);
  });

  test("is bounded a lane, and says so", async () => {
    const world = bench({ maxQueue: 2 });
    const limits = [limitObject({ limit: 1 })];
    const all = [0, 1, 2, 3].map(() => ask(world, limits));
    expect(all.map((one) => one.error !== undefined)).toEqual([false, false, false, true]);
    expect(all[3]?.error).toMatchObject({
      code: "queue_full",
      retryable: true,
      retryAt: world.clock.wall() + 3000,
    });
    expect(ask(world, [limitObject({ id: "elsewhere", limit: 1 })]).error).toBeUndefined();
  });
});

describe("an abort", () => {
  test("before the start rejects at once and passes the place on", async () => {
    const world = bench();
    const limits = [limitObject({ limit: 1 })];
    ask(world, limits);
    const [first, second] = [ask(world, limits), ask(world, limits)];
    await world.clock.advance(500);
    first.abort(new Error("no longer needed"));
    await world.clock.advance(0);
    expect(first.failedAt).toBe(1_000_500);
    expect(first.error).toMatchObject({ code: "aborted", cause: { message: "no longer needed" } });
    await world.clock.advance(500);
    expect(second.startedAt).toBe(1_001_000);
  });

  test("of a dear head lets a cheap one behind it start at once", async () => {
    const world = bench();
    const limits = [limitObject({ limit: 3 })];
    ask(world, limits, { cost: 2 });
    const [dear, cheap] = [ask(world, limits, { cost: 3 }), ask(world, limits)];
    await world.clock.advance(100);
    expect(cheap.startedAt).toBeUndefined();
    dear.abort();
    await world.clock.advance(0);
    expect(cheap.startedAt).toBe(1_000_100);
  });

  test("that came earlier refuses without taking anything", () => {
    const { pacer, state } = bench();
    const signal = AbortSignal.abort();
    const lane = pacer.lane([limitObject({})], "tenant");
    expect(() => pacer.acquire(lane, { cost: 1, deadline: forever, signal })).toThrow(/aborted/);
    expect(state.inspect().limits).toEqual([]);
  });

  test("of 10,000 waiting calls, from the middle, leaves nothing behind", async () => {
    const world = bench();
    const limits = [limitObject({ limit: 1 })];
    const all = Array.from({ length: 10_001 }, () => ask(world, limits));
    for (const one of all.slice(1, 10_000)) one.abort();
    await world.clock.advance(1000);
    expect(all[10_000]?.startedAt).toBe(1_001_000);
    expect(world.pacer.inspect()).toEqual([]);
    expect(world.clock.pending()).toBe(0);
  });
});

describe("a grant", () => {
  test("that is refunded gives its start to the next at once", async () => {
    const world = bench();
    const limits = [limitObject({ limit: 1 })];
    const [first, second] = [ask(world, limits), ask(world, limits)];
    await world.clock.advance(300);
    first.grant?.refund();
    await world.clock.advance(0);
    expect(second.startedAt).toBe(1_000_300);
  });

  test("is given back once, however often it is asked", () => {
    const world = bench();
    const limits = [limitObject({ maxConcurrent: 2 })];
    const [first] = [ask(world, limits), ask(world, limits)];
    first?.grant?.release();
    first?.grant?.release();
    first?.grant?.refund();
    expect(world.state.inspect().limits[0]).toMatchObject({ used: 2, running: 1 });
  });

  test("that is released lets the next of max_concurrent start at once, in any lane", async () => {
    const world = bench();
    const shared = limitObject({ id: "shared", maxConcurrent: 1 });
    const first = ask(world, [shared]);
    const second = ask(world, [shared, limitObject({ id: "own" })]);
    await world.clock.advance(10);
    expect(second.startedAt).toBeUndefined();
    first.grant?.release();
    await world.clock.advance(0);
    expect(second.startedAt).toBe(1_000_010);
  });

  test("released by another pacer on the same state is noticed within 50 ms", async () => {
    const world = bench();
    const limits = [limitObject({ maxConcurrent: 1 })];
    const neighbour = { ...world, pacer: createPacer({ state: world.state, clock: world.clock }) };
    const first = ask(neighbour, limits);
    const second = ask(world, limits);
    await world.clock.advance(120);
    first.grant?.release();
    await world.clock.advance(50);
    expect(second.startedAt).toBeLessThanOrEqual(1_000_170);
  });
});

describe("lanes", () => {
  test("are the same object for the same limits in any order", () => {
    const { pacer } = bench();
    const [a, b] = [limitObject({ id: "a" }), limitObject({ id: "b" })];
    expect(pacer.lane([a, b], "tenant")).toBe(pacer.lane([b, a, b], "tenant"));
    expect(pacer.lane([a], "tenant")).not.toBe(pacer.lane([b], "tenant"));
    expect(pacer.lane([a], "tenant")).not.toBe(
      pacer.lane([limitObject({ id: "a", tenant: "another" })], "tenant"),
    );
  });

  test("that are blocked block no other", () => {
    const world = bench();
    const [shared, narrow] = [
      limitObject({ id: "shared", limit: 100 }),
      limitObject({ id: "narrow", limit: 1 }),
    ];
    ask(world, [shared, narrow]);
    const blocked = ask(world, [shared, narrow]);
    expect(blocked.startedAt).toBeUndefined();
    expect(ask(world, [shared]).startedAt).toBe(world.clock.now());
  });

  test("with room go by the age of their heads", async () => {
    const world = bench();
    const shared = limitObject({ id: "shared", limit: 1, intervalMs: 100 });
    const order: string[] = [];
    for (const name of ["first", "b", "a", "c", "b", "a"]) {
      const answer = world.pacer.acquire(world.pacer.lane([shared, limitObject({ id: name })], "tenant"), {
        cost: 1,
        deadline: forever,
      });
      void Promise.resolve(answer).then(() => order.push(name));
    }
    await world.clock.advance(1000);
    expect(order).toEqual(["first", "b", "a", "c", "b", "a"]);
  });

  test("a newcomer does not pass an older head that is due, though the timer has not fired", async () => {
    const world = bench();
    const shared = limitObject({ id: "shared", limit: 1 });
    ask(world, [shared]);
    const older = ask(world, [shared, limitObject({ id: "own" })]);
    world.clock.jump(1000);
    const newcomer = ask(world, [shared]);
    await world.clock.advance(0);
    expect([older.startedAt, newcomer.startedAt]).toEqual([1_001_000, undefined]);
  });

  test("a dear head is not starved by a stream of cheap ones", async () => {
    const world = bench();
    const shared = limitObject({ id: "shared", limit: 4, intervalMs: 100 });
    const dearLane = [shared, limitObject({ id: "dear", limit: 100, intervalMs: 100 })];
    for (let i = 0; i < 4; i++) {
      ask(world, [shared]);
      await world.clock.advance(25);
    }
    const dear = ask(world, dearLane, { cost: 4 });
    for (let i = 0; i < 40; i++) {
      ask(world, [shared]);
      await world.clock.advance(25);
    }
    expect(dear.startedAt).toBeLessThanOrEqual(1_000_100 + 3 * 100);
  });

  test("a dear head that needs a full bucket is not starved by a stream of cheap ones", async () => {
    const world = bench();
    const shared = limitObject({ id: "shared", limit: 1, burst: 4, intervalMs: 100 });
    ask(world, [shared], { cost: 5 });
    const dear = ask(world, [shared, limitObject({ id: "dear", limit: 100, intervalMs: 100 })], { cost: 5 });
    for (let i = 0; i < 30; i++) {
      ask(world, [shared]);
      await world.clock.advance(100);
    }
    // It asks again at 500, when four of the five units are the cheap ones': then it reserves, and five flow in.
    expect(dear.startedAt).toBeLessThanOrEqual(1_000_000 + 2 * 500);
  });

  test("a head before two that have reserved does not go back and forth between their lines", async () => {
    const world = bench();
    const limits = ["one", "other"].map((id) => limitObject({ id, limit: 1, intervalMs: 100 }));
    const asked = limits.flatMap((limit) => Array.from({ length: 6 }, () => ask(world, [limit])));
    // The fourth of each has waited for longer than a window.
    await world.clock.advance(250);
    const high = ask(world, limits, { priority: "high" });
    await world.clock.advance(1_000);
    expect(high.startedAt).toBe(1_000_300);
    expect(asked.filter(({ startedAt }) => startedAt === undefined)).toEqual([]);
  });

  test("a clock that steps back sets nobody asking without end", async () => {
    const world = bench();
    const [short, middle, long] = [80, 100, 300].map((intervalMs) => [
      limitObject({ id: `${intervalMs}`, limit: 1, intervalMs }),
    ]);
    if (!short || !middle || !long) throw new Error("There are three limits.");
    for (const limits of [short, middle, long]) ask(world, limits);
    const given = ask(world, middle);
    ask(world, long);
    await world.clock.advance(50);
    given.abort();
    // The timer of the one that left fires for nothing: the pacer sees the time, and the state does not.
    await world.clock.advance(50);
    world.clock.jump(-60);
    const waiting = ask(world, short);
    ask(world, [limitObject({ id: "other" })]);
    // The pacer's time stands still until the clock has caught up.
    await world.clock.advance(70);
    expect(waiting.startedAt).toBeDefined();
  });

  test("a cheap head starts where an older, dearer one of another lane cannot", async () => {
    const world = bench();
    const shared = limitObject({ id: "shared", limit: 3 });
    const first = ask(world, [shared]);
    ask(world, [shared], { cost: 2 });
    const dear = ask(world, [shared, limitObject({ id: "own" })], { cost: 3 });
    const cheap = ask(world, [shared]);
    first.grant?.refund();
    await world.clock.advance(0);
    expect([dear.startedAt, cheap.startedAt]).toEqual([undefined, world.clock.now()]);
  });

  test("show who waits, and how many", () => {
    const world = bench();
    const limits = [limitObject({ id: "a", limit: 1 }), limitObject({ id: "b" })];
    for (let i = 0; i < 3; i++) ask(world, limits);
    expect(world.pacer.inspect()).toEqual([{ id: "a + b", waiting: 2 }]);
  });
});

describe("under saturation", () => {
  for (const rule of [
    { limit: 100, intervalMs: 1000 },
    { limit: 1000, intervalMs: 1000 },
    { limit: 100, intervalMs: 1000, burst: 20 },
    { limit: 1000, intervalMs: 1000, burst: 200 },
    { limit: 100, intervalMs: 1000, smooth: true },
    { limit: 1000, intervalMs: 1000, smooth: true },
  ]) {
    test(`${JSON.stringify(rule)} reaches 95 % of its rate and no window exceeds it, with late timers`, async () => {
      const clock = createFakeClock();
      // Timers of a busy process: up to 2 ms late.
      let calls = 0;
      const late = {
        ...clock,
        timer: (ms: number, fire: () => void) => clock.timer(ms + (calls++ % 5) / 2, fire),
      };
      const state = createMemoryState({ clock: late });
      const world = { clock, pacer: createPacer({ state, clock: late }) };
      const limits = [limitObject(rule)];
      const seconds = 8;
      const asked = Array.from({ length: rule.limit * seconds }, () => ask(world, limits));
      await clock.advance(seconds * 1000);
      const starts = asked.flatMap((one) => one.startedAt ?? []);
      expect(starts.length).toBeGreaterThanOrEqual(0.95 * rule.limit * seconds);
      const most = Math.max(...starts.map((_, i) => within(starts, i, 1000)));
      expect(most).toBeLessThanOrEqual(rule.limit + (rule.burst ?? 0));
    });
  }

  test("smooth pacing spreads the starts over the interval", async () => {
    const world = bench();
    const limits = [limitObject({ limit: 10, smooth: true })];
    const asked = Array.from({ length: 10 }, () => ask(world, limits));
    await world.clock.advance(1000);
    expect(asked.map((one) => Math.round((one.startedAt ?? 0) - 1_000_000))).toEqual(
      [0, 100, 200, 300, 400, 500, 600, 700, 800, 900].map((ms) => expect.closeTo(ms, -1.2)),
    );
  });

  test("wakes at most 1,000 in one turn", async () => {
    let now = 0;
    let next: (() => void) | undefined;
    const clock = {
      now: () => now,
      wall: () => now,
      timer: (_: number, fire: () => void) => {
        next = fire;
        return { cancel: () => undefined };
      },
    };
    const world = {
      clock: { ...createFakeClock(), ...clock },
      pacer: createPacer({ state: createMemoryState({ clock }), clock }),
    };
    const limits = [limitObject({ limit: 5000 })];
    ask(world, limits, { cost: 5000 });
    const asked = Array.from({ length: 2500 }, () => ask(world, limits));
    now = 2000;
    const startedInAll: number[] = [];
    for (let turn = 0; turn < 3; turn++) {
      next?.();
      await Promise.resolve();
      startedInAll.push(asked.filter((one) => one.startedAt !== undefined).length);
    }
    expect(startedInAll).toEqual([1000, 2000, 2500]);
  });
});

/** Starts in the interval that ends with the start at `index`. */
function within(starts: readonly number[], index: number, intervalMs: number): number {
  const end = starts[index] ?? 0;
  let count = 0;
  for (let i = index; i >= 0 && (starts[i] ?? 0) > end - intervalMs; i--) count++;
  return count;
}

describe("feedback", () => {
  test("holds the limit that was hit and fails those who cannot wait so long, at once", async () => {
    const world = bench();
    const limit = limitObject({ limit: 1 });
    const first = ask(world, [limit]);
    const hasty = ask(world, [limit], { deadline: world.clock.now() + 2000 });
    const patient = ask(world, [limit]);
    world.pacer.feedback(limit, { holdUntil: world.clock.now() + 5000 });
    first.grant?.release();
    await world.clock.advance(0);
    // The patient one is before it then.
    expect(hasty.error).toMatchObject({ code: "rate_limited", retryAt: world.clock.wall() + 6000 });
    await world.clock.advance(4999);
    expect(patient.startedAt).toBeUndefined();
    await world.clock.advance(1);
    expect(patient.startedAt).toBe(1_005_000);
  });
});

describe("close", () => {
  test("rejects all who wait and all who come, and leaves no timer", async () => {
    const world = bench();
    const limits = [limitObject({ limit: 1 })];
    const asked = [0, 1, 2].map(() => ask(world, limits));
    world.pacer.close();
    await world.clock.advance(0);
    expect(asked.map((one) => (ConnectorError.is(one.error) ? one.error.code : undefined))).toEqual([
      undefined,
      "aborted",
      "aborted",
    ]);
    expect(ask(world, limits).error).toMatchObject({ code: "aborted" });
    expect(world.clock.pending()).toBe(0);
    asked[0]?.grant?.release();
  });
});
