/** The window and the bucket of one limit, through the memory state that keeps them. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LimitTable } from "../../../runtime/pacing/limit-table.ts";
import { createMemoryState } from "../../../runtime/state/memory-state.ts";
import { createFakeClock } from "../../../runtime/testing/clock.ts";
import { NaiveLimit } from "./naive-limit.ts";
import { limitObject } from "./support.ts";

describe("above 256 units", () => {
  const bigLimit = fc.record({
    limit: fc.integer({ min: 250, max: 600 }),
    burst: fc.oneof(fc.constant(0), fc.integer({ min: 7, max: 300 })),
    intervalMs: fc.constantFrom(100, 1000, 60_000),
  });
  const arrivals = fc.array(
    fc.record({
      part: fc.double({ min: 0, max: 0.3, noNaN: true }),
      cost: fc.integer({ min: 1, max: 250 }),
      refunds: fc.boolean(),
    }),
    { minLength: 1, maxLength: 80 },
  );

  test("starts are never early, and refused for at most 1/128 of the interval too long", () => {
    const property = fc.property(bigLimit, arrivals, (rule, all) => {
      const clock = createFakeClock();
      const state = createMemoryState({ clock });
      const limit = limitObject(rule);
      const naive = new NaiveLimit(limit);
      for (const { part, cost, refunds } of all) {
        clock.jump(part * rule.intervalMs);
        const answer = state.admit([limit], cost);
        const earliest = naive.earliest(cost, clock.now());
        if (!answer.admitted) {
          expect(answer.at).toBeGreaterThanOrEqual(earliest - 1e-6);
          expect(answer.at).toBeLessThanOrEqual(earliest + rule.intervalMs / 128 + 1e-6);
          continue;
        }
        expect(earliest).toBeLessThanOrEqual(clock.now() + 1e-6);
        // A refund in slots keeps the slot's time; what it gives back may come a slot late, too.
        if (refunds && part < 0.1) state.refund([limit], cost, answer.at);
        else naive.starts.push({ at: clock.now(), cost });
      }
      expect(naive.violations()).toEqual([]);
    });
    fc.assert(property, { numRuns: 200 });
  });

  test("many starts take no more than 130 slots' room", () => {
    const clock = createFakeClock();
    const state = createMemoryState({ clock });
    const limit = limitObject({ limit: 1_000_000, intervalMs: 1000 });
    for (let i = 0; i < 20_000; i++) {
      clock.jump(0.1);
      expect(state.admit([limit], 1).admitted).toBe(true);
    }
    expect(state.inspect().limits[0]?.used).toBeLessThanOrEqual(10_000 + 10_000 / 128);
  });
});

describe("a clock that steps back", () => {
  test("counts as one that stands still", () => {
    const clock = createFakeClock(10_000);
    const state = createMemoryState({ clock });
    const limit = limitObject({ limit: 1 });
    state.admit([limit], 1);
    clock.jump(-5000);
    expect(state.admit([limit], 1)).toMatchObject({ admitted: false, at: 11_000 });
    clock.jump(5500);
    expect(state.admit([limit], 1).admitted).toBe(false);
    clock.jump(500);
    expect(state.admit([limit], 1).admitted).toBe(true);
  });
});

describe("a refund", () => {
  test("takes back its own start, not a later one", () => {
    const clock = createFakeClock();
    const state = createMemoryState({ clock });
    const limit = limitObject({ limit: 2 });
    const first = state.admit([limit], 1);
    clock.jump(500);
    state.admit([limit], 1);
    state.refund([limit], 1, first.admitted ? first.at : undefined);
    expect(state.admit([limit], 1).admitted).toBe(true);
    clock.jump(500);
    expect(state.admit([limit], 1)).toMatchObject({ admitted: false, at: 1500 });
  });

  test("without its time takes the oldest, which lets nobody start too early", () => {
    const clock = createFakeClock();
    const state = createMemoryState({ clock });
    const limit = limitObject({ limit: 2 });
    state.admit([limit], 1);
    clock.jump(500);
    state.admit([limit], 1);
    state.refund([limit], 1);
    expect(state.admit([limit], 1).admitted).toBe(true);
    expect(state.admit([limit], 1)).toMatchObject({ admitted: false, at: 1500 });
  });

  test("gives a bucket back no more than it lost", () => {
    const clock = createFakeClock();
    const state = createMemoryState({ clock });
    const limit = limitObject({ limit: 1, burst: 4, intervalMs: 100 });
    const first = state.admit([limit], 5);
    clock.jump(99);
    state.refund([limit], 5, first.admitted ? first.at : undefined);
    expect(state.admit([limit], 5).admitted).toBe(true);
    expect(state.admit([limit], 1)).toMatchObject({ admitted: false, at: 199 });
  });
});

describe("a window", () => {
  test("holds no unit above limit and burst until the oldest has left", () => {
    const clock = createFakeClock();
    const state = createMemoryState({ clock });
    const limit = limitObject({ limit: 10 });
    state.admit([limit], 4);
    clock.jump(400);
    state.admit([limit], 6);
    expect(state.admit([limit], 1)).toMatchObject({ admitted: false, at: 1000 });
    expect(state.admit([limit], 5)).toMatchObject({ admitted: false, at: 1400 });
    clock.jump(600);
    expect(state.admit([limit], 4).admitted).toBe(true);
    expect(state.admit([limit], 1)).toMatchObject({ admitted: false, at: 1400 });
  });
});

describe("a bucket", () => {
  test("gives a second burst only what has flowed in since the first, though the window is empty again", () => {
    const clock = createFakeClock();
    const state = createMemoryState({ clock });
    const limit = limitObject({ limit: 10, burst: 5 });
    expect(state.admit([limit], 15).admitted).toBe(true);
    clock.jump(1000);
    expect(state.admit([limit], 11)).toMatchObject({ admitted: false, at: 1100 });
    expect(state.admit([limit], 10).admitted).toBe(true);
    expect(state.admit([limit], 1)).toMatchObject({ admitted: false, at: 1100 });
  });

  test("gets nothing back for what it had regained before later starts drained it", () => {
    const clock = createFakeClock();
    const state = createMemoryState({ clock });
    const limit = limitObject({ limit: 10, burst: 5 });
    const first = state.admit([limit], 1);
    clock.jump(500);
    state.admit([limit], 13);
    state.admit([limit], 1);
    state.refund([limit], 1, first.admitted ? first.at : undefined);
    // Full at 500, drained by 14 units of 100 ms each.
    expect(state.admit([limit], 15)).toMatchObject({ admitted: false, at: 1900 });
  });
});

describe("idle limits", () => {
  test("are dropped while new keys come, without a timer and without forgetting what still counts", () => {
    const clock = createFakeClock();
    const table = new LimitTable(clock);
    const busy = limitObject({ id: "busy", intervalMs: 1_000_000, limit: 1 });
    table.admit([busy], 1);
    table.release([busy]);
    for (let i = 0; i < 10_000; i++) {
      const limit = limitObject({ id: `key ${i}`, intervalMs: 100 });
      table.admit([limit], 1);
      table.release([limit]);
      clock.jump(1);
    }
    expect(table.size).toBeLessThan(500);
    expect(table.admit([busy], 1).admitted).toBe(false);
    expect(clock.pending()).toBe(0);
  });

  test("of one tenant go without touching another tenant's under the same id", () => {
    const clock = createFakeClock();
    const table = new LimitTable(clock);
    const [short, long] = [
      limitObject({ tenant: "a", intervalMs: 10, limit: 1 }),
      limitObject({ tenant: "b", intervalMs: 10_000, limit: 1 }),
    ];
    for (const limit of [short, long]) table.admit([limit], 1);
    table.release([short]);
    clock.jump(100);
    expect(table.report().map(({ used }) => used)).toEqual([1]);
    expect(table.admit([long], 1).admitted).toBe(false);
    expect(table.admit([short], 1).admitted).toBe(true);
  });
});

test("a cost above limit and burst is never admitted", () => {
  const state = createMemoryState({ clock: createFakeClock() });
  expect(state.admit([limitObject({ limit: 2, burst: 1 })], 4)).toMatchObject({
    admitted: false,
    at: Number.POSITIVE_INFINITY,
  });
});
