/** The pacer over a state that answers late, fails, hangs or forgets. */
import { describe, expect, test } from "vitest";
import { createPacer, type Pacer } from "../../../runtime/pacing/pacer.ts";
import { createMemoryState } from "../../../runtime/state/memory-state.ts";
import { createFakeClock, type FakeClock } from "../../../runtime/testing/clock.ts";
import {
  createFailingState,
  type FailingState,
  type StateScript,
} from "../../../runtime/testing/failing-state.ts";
import { ask, limitObject } from "./support.ts";

interface World {
  readonly clock: FakeClock;
  readonly state: FailingState;
  readonly pacer: Pacer;
}

function world(behave?: NonNullable<StateScript["behave"]>): World {
  const clock = createFakeClock(1_000_000);
  const state = createFailingState(createMemoryState({ clock }), { clock, ...(behave ? { behave } : {}) });
  return { clock, state, pacer: createPacer({ state, clock }) };
}

describe("a state that answers later", () => {
  test("keeps the order of a lane and asks for its head alone", async () => {
    const all = world(() => ({ kind: "answer", delayMs: 5 }));
    const limits = [limitObject({ limit: 3 })];
    const asked = Array.from({ length: 7 }, () => ask(all, limits));
    expect(all.state.calls("admit")).toBe(1);
    await all.clock.advance(2500);
    const starts = asked.map((one) => (one.startedAt ?? 0) - 1_000_000);
    expect(starts).toEqual([...starts].sort((a, b) => a - b));
    expect(starts.map((ms) => Math.floor(ms / 1000))).toEqual([0, 0, 0, 1, 1, 1, 2]);
    expect(all.clock.pending()).toBe(0);
  });

  test("lets other lanes start meanwhile", async () => {
    const all = world((_, count) => ({ kind: "answer", delayMs: count === 0 ? 500 : 1 }));
    const slow = ask(all, [limitObject({ id: "a" })]);
    const quick = ask(all, [limitObject({ id: "b" })]);
    await all.clock.advance(600);
    expect([slow.startedAt, quick.startedAt]).toEqual([1_000_500, 1_000_001]);
  });

  test("gives back what was admitted for a call that has been aborted, and asks for the next", async () => {
    const all = world(() => ({ kind: "answer", delayMs: 10 }));
    const limits = [limitObject({ limit: 1 })];
    const [first, second] = [ask(all, limits), ask(all, limits)];
    await all.clock.advance(5);
    first.abort();
    await all.clock.advance(0);
    expect(first.error).toMatchObject({ code: "aborted" });
    expect(all.state.calls("admit")).toBe(1);
    await all.clock.advance(100);
    expect(all.state.calls("refund")).toBe(1);
    expect(second.startedAt).toBeLessThan(1_000_100);
  });

  test("asks once, not twice, for one who comes while an aborted call is still asked for", async () => {
    const all = world((method) => (method === "admit" ? { kind: "answer", delayMs: 10 } : undefined));
    const limits = [limitObject({ limit: 5 })];
    ask(all, limits).abort();
    const next = ask(all, limits);
    await all.clock.advance(100);
    expect(next.startedAt).toBe(1_000_020);
    expect(all.state.calls("admit")).toBe(2);
    expect((await all.state.inspect()).limits[0]?.used).toBe(1);
  });

  test("wakes waiting calls once a refund or a release has been told", async () => {
    const all = world(() => ({ kind: "answer", delayMs: 10 }));
    const limits = [limitObject({ maxConcurrent: 1 })];
    const [first, second] = [ask(all, limits), ask(all, limits)];
    await all.clock.advance(30);
    expect(second.startedAt).toBeUndefined();
    first.grant?.release();
    await all.clock.advance(20);
    expect(second.startedAt).toBe(1_000_050);
  });
});

describe("a state that fails", () => {
  test("fails the call with state_unavailable and its cause, and the next call may try", async () => {
    const cause = new Error("connection lost");
    const all = world((method, count) =>
      method === "admit" && count === 0 ? { kind: "reject", error: cause } : undefined,
    );
    const [first, second] = [ask(all, [limitObject({})]), ask(all, [limitObject({})])];
    for (let turn = 0; turn < 3; turn++) await all.clock.advance(1);
    expect(first.error).toMatchObject({ code: "state_unavailable", phase: "pacing", retryable: true, cause });
    expect(second.startedAt).toBeDefined();
  });

  test("by throwing does the same", async () => {
    const all = world();
    const broken = {
      ...all.state,
      admit: () => {
        throw new Error("broken");
      },
    };
    const pacer = createPacer({ state: broken, clock: all.clock });
    const one = ask({ pacer, clock: all.clock }, [limitObject({})]);
    await all.clock.advance(1);
    expect(one.error).toMatchObject({ code: "state_unavailable" });
  });

  test("by never answering keeps nobody past the deadline, and close ends the rest", async () => {
    const all = world(() => ({ kind: "hang" }));
    const limits = [limitObject({})];
    const [bounded, patient] = [ask(all, limits, { deadline: 1_000_400 }), ask(all, limits)];
    await all.clock.advance(400);
    expect(bounded).toMatchObject({ failedAt: 1_000_400, error: { code: "rate_limited" } });
    expect(patient.error).toBeUndefined();
    all.pacer.close();
    await all.clock.advance(0);
    expect(patient.error).toMatchObject({ code: "aborted" });
    expect(all.clock.pending()).toBe(0);
  });

  test("at release, refund or feedback is no failure of a call", async () => {
    const all = world((method) => (method === "admit" ? undefined : { kind: "reject" }));
    const limit = limitObject({});
    const [first, second] = [ask(all, [limit]), ask(all, [limit])];
    await all.clock.advance(1);
    first.grant?.release();
    second.grant?.refund();
    all.pacer.feedback(limit, { holdUntil: 2_000_000 });
    await all.clock.advance(1);
    expect(ask(all, [limit]).error).toBeUndefined();
  });

  test("by forgetting everything starts afresh", async () => {
    const all = world();
    const limits = [limitObject({ limit: 1 })];
    ask(all, limits);
    await all.clock.advance(10);
    all.state.replace(createMemoryState({ clock: all.clock }));
    const next = ask(all, limits);
    await all.clock.advance(1);
    expect(next.startedAt).toBeDefined();
  });
});
