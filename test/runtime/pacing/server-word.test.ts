/** Holds, caps and ramps, through the memory state that keeps them. */
import { describe, expect, test } from "vitest";
import type { LimitObject } from "../../../runtime/ports.ts";
import { createMemoryState, type MemoryState } from "../../../runtime/state/memory-state.ts";
import { createFakeClock } from "../../../runtime/testing/clock.ts";
import { limitObject } from "./support.ts";

function world() {
  const clock = createFakeClock(10_000);
  return { clock, state: createMemoryState({ clock }) };
}

/** Starts as many as there is room for now. */
function startAll(state: MemoryState, limit: LimitObject, most = 1000): number {
  for (let started = 0; started < most; started++) if (!state.admit([limit], 1).admitted) return started;
  return most;
}

describe("a hold", () => {
  test("is not shortened by a later word", () => {
    const { clock, state } = world();
    const limit = limitObject({});
    state.feedback(limit, { holdUntil: 15_000 });
    state.feedback(limit, { holdUntil: 12_000 });
    expect(state.admit([limit], 1)).toMatchObject({ admitted: false, at: 15_000 });
    clock.jump(5000);
    expect(state.admit([limit], 1).admitted).toBe(true);
  });

  test("in the past, or that is no number, is nothing", () => {
    const { state } = world();
    const limit = limitObject({});
    state.feedback(limit, { holdUntil: 9000 });
    state.feedback(limit, { holdUntil: Number.NaN });
    state.feedback(limit, { remaining: Number.NaN });
    expect(startAll(state, limit)).toBe(10);
  });

  test("ends in a ramp over a tenth of the window: one probe, then the rest in proportion", () => {
    const { clock, state } = world();
    const limit = limitObject({ limit: 100 });
    state.feedback(limit, { holdUntil: 11_000 });
    clock.jump(1000);
    expect(startAll(state, limit)).toBe(1);
    clock.jump(10);
    expect(startAll(state, limit)).toBe(10);
    clock.jump(40);
    expect(startAll(state, limit)).toBe(40);
    clock.jump(50);
    expect(startAll(state, limit)).toBe(49);
  });

  test("on one limit leaves others of the call untouched", () => {
    const { state } = world();
    const [held, free] = [limitObject({ id: "held" }), limitObject({ id: "free", limit: 1 })];
    state.feedback(held, { holdUntil: 15_000 });
    expect(state.admit([held, free], 1)).toMatchObject({ admitted: false, blockedBy: held });
    expect(state.admit([free], 1).admitted).toBe(true);
  });
});

describe("what remains", () => {
  test("caps the starts until the reset, less the other calls in flight", () => {
    const { clock, state } = world();
    const limit = limitObject({ limit: 100 });
    startAll(state, limit, 4);
    state.feedback(limit, { remaining: 10, resetAt: 10_500 });
    expect(startAll(state, limit)).toBe(7);
    expect(state.admit([limit], 1)).toMatchObject({ admitted: false, at: 10_500 });
    clock.jump(500);
    expect(startAll(state, limit)).toBe(89);
  });

  test("is the least that was said for one period, in whatever order the answers come", () => {
    const { state } = world();
    const limit = limitObject({ limit: 100, intervalMs: 60_000 });
    state.feedback(limit, { remaining: 3, resetAt: 40_000 });
    state.feedback(limit, { remaining: 5, resetAt: 40_900 });
    expect(startAll(state, limit)).toBe(3);
  });

  test("begins anew with a later period", () => {
    const { state } = world();
    const limit = limitObject({ limit: 100, intervalMs: 60_000 });
    state.feedback(limit, { remaining: 0, resetAt: 12_000 });
    state.feedback(limit, { remaining: 20, resetAt: 72_000 });
    expect(startAll(state, limit)).toBe(20);
  });

  test("without a reset holds for one interval, and comes back with a refund", () => {
    const { clock, state } = world();
    const limit = limitObject({ limit: 100 });
    state.feedback(limit, { remaining: 1 });
    const first = state.admit([limit], 1);
    expect(startAll(state, limit)).toBe(0);
    state.refund([limit], 1, first.admitted ? first.at : undefined);
    expect(startAll(state, limit)).toBe(1);
    clock.jump(1000);
    expect(startAll(state, limit)).toBe(100);
  });

  test("below nothing is nothing, and no word of a server lasts longer than an hour or the interval", () => {
    const { clock, state } = world();
    const limit = limitObject({});
    state.feedback(limit, { remaining: -5, resetAt: Number.POSITIVE_INFINITY });
    expect(state.admit([limit], 1)).toMatchObject({ admitted: false, at: 10_000 + 3_600_000 });
    clock.jump(3_600_000);
    expect(startAll(state, limit)).toBe(10);
  });
});
