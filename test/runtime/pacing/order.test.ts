/** Whose turn it is: priorities and their ageing, tenants at a limit that they share, the work of finding out. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createPacer } from "../../../runtime/pacing/pacer.ts";
import { agingMs, type Priority, priorities } from "../../../runtime/pacing/priority.ts";
import type { LimitObject, State } from "../../../runtime/ports.ts";
import { createMemoryState } from "../../../runtime/state/memory-state.ts";
import { createFakeClock } from "../../../runtime/testing/clock.ts";
import { createFailingState } from "../../../runtime/testing/failing-state.ts";
import { type Asked, ask, type Bench, bench, limitObject } from "./support.ts";

const shared = (fields: Partial<LimitObject> = {}): LimitObject =>
  limitObject({ id: "app", tenant: "*", limit: 1, intervalMs: 100, ...fields });

/** Who started, in order, with a name for each. */
function order(all: readonly (readonly [string, Asked])[]): string[] {
  const started = all.filter(([, one]) => one.startedAt !== undefined);
  return started.sort(([, a], [, b]) => (a.startedAt ?? 0) - (b.startedAt ?? 0)).map(([name]) => name);
}

describe("priorities", () => {
  const limits = [limitObject({ limit: 1, intervalMs: 1000 })];
  const asking = (world: Bench, priority: Priority): readonly [string, Asked] => [
    priority,
    ask(world, limits, { priority }),
  ];

  test("go before each other whatever the order in which they came, and in that order among their like", async () => {
    const world = bench();
    ask(world, limits);
    const all: (readonly [string, Asked])[] = [];
    for (const priority of ["low", "normal", "high", "low", "normal", "high"] as const) {
      const at = all.length;
      all.push([`${priority} ${at}`, ask(world, limits, { priority })]);
    }
    await world.clock.advance(10_000);
    expect(order(all)).toEqual(["high 2", "high 5", "normal 1", "normal 4", "low 0", "low 3"]);
  });

  test("age: who has waited 5 s longer goes before the next higher one", async () => {
    const world = bench();
    ask(world, limits, { cost: 1 });
    world.pacer.feedback(limits[0] ?? limitObject({}), { holdUntil: world.clock.now() + 12_000 });
    const low = asking(world, "low");
    await world.clock.advance(agingMs - 1);
    const before = asking(world, "normal");
    await world.clock.advance(2);
    const after = asking(world, "normal");
    await world.clock.advance(12_000);
    expect(before[1].startedAt).toBeLessThan(low[1].startedAt ?? 0);
    expect(after[1].startedAt).toBeGreaterThan(low[1].startedAt ?? 0);
  });

  test("starve nobody: under a stream of high ones that fills the limit a low one starts", async () => {
    const world = bench();
    const all: (readonly [string, Asked])[] = [asking(world, "high"), asking(world, "low")];
    for (let second = 0; second < 30; second++) {
      all.push(asking(world, "high"));
      await world.clock.advance(1000);
    }
    const low = all[1]?.[1];
    expect(low?.startedAt).toBeLessThanOrEqual(1_000_000 + 2 * agingMs + 2_000);
  });

  test("count for the forecast: a high one is not refused for those behind it", () => {
    const world = bench();
    const deadline = world.clock.now() + 1500;
    for (let i = 0; i < 5; i++) ask(world, limits);
    expect(ask(world, limits, { deadline }).error).toMatchObject({ code: "rate_limited" });
    expect(ask(world, limits, { deadline, priority: "low" }).error).toMatchObject({ code: "rate_limited" });
    expect(ask(world, limits, { deadline, priority: "high" }).error).toBeUndefined();
  });
});

describe("tenants at a shared limit", () => {
  test("take turns, however many one of them asks for", async () => {
    const world = bench();
    const flood = Array.from({ length: 20 }, (): [string, Asked] => [
      "a",
      ask(world, [shared()], { tenant: "a" }),
    ]);
    await world.clock.advance(50);
    const others = ["b", "c", "b", "c"].map((tenant): [string, Asked] => [
      tenant,
      ask(world, [shared()], { tenant }),
    ]);
    await world.clock.advance(600);
    expect(order([...flood, ...others])).toEqual(["a", "a", "b", "c", "a", "b", "c"]);
  });

  test("gain nothing by a high priority", async () => {
    const world = bench();
    const all = ["a", "a", "a", "b", "b", "b"].map((tenant): [string, Asked] => [
      tenant,
      ask(world, [shared()], { tenant, priority: tenant === "a" ? "high" : "low" }),
    ]);
    await world.clock.advance(1000);
    expect(order(all)).toEqual(["a", "a", "b", "a", "b", "b"]);
  });

  test("wait for their own limits without losing the round", async () => {
    const world = bench();
    const own = (tenant: string) => limitObject({ id: "own", tenant, limit: 1, intervalMs: 1000 });
    const all: [string, Asked][] = [];
    for (let i = 0; i < 6; i++) all.push(["a", ask(world, [shared()], { tenant: "a" })]);
    for (let i = 0; i < 2; i++) all.push(["b", ask(world, [shared(), own("b")], { tenant: "b" })]);
    await world.clock.advance(2000);
    expect(order(all)).toEqual(["a", "a", "b", "a", "a", "a", "a", "b"]);
  });

  test("of random arrivals start at most one more than the least served who waits, in each stretch of waiting", async () => {
    const arrivals = fc.array(
      fc.record({ tenant: fc.constantFrom("a", "b", "c"), gap: fc.integer({ min: 0, max: 60 }) }),
      { minLength: 5, maxLength: 60 },
    );
    const property = fc.asyncProperty(arrivals, async (all) => {
      const world = bench();
      const asked: { tenant: string; since: number; one: Asked }[] = [];
      for (const { tenant, gap } of all) {
        await world.clock.advance(gap);
        asked.push({ tenant, since: world.clock.now(), one: ask(world, [shared()], { tenant }) });
      }
      await world.clock.advance(10_000);
      const starts = asked.map(({ tenant, since, one }) => ({ tenant, since, at: one.startedAt ?? 0 }));
      expect(starts.every(({ at }) => at > 0)).toBe(true);
      for (const [index, waiting] of starts.entries()) {
        const isHead = (at: number) =>
          !starts.some((other, i) => i < index && other.tenant === waiting.tenant && other.at >= at);
        // While it is its tenant's first, each other tenant starts at most once before it.
        for (const rival of ["a", "b", "c"].filter((tenant) => tenant !== waiting.tenant)) {
          const passed = starts.filter(
            ({ tenant, at }) =>
              tenant === rival && at > waiting.since && at < waiting.at && isHead(at) && at > 0,
          );
          expect(passed.length).toBeLessThanOrEqual(1);
        }
      }
    });
    await fc.assert(property, { numRuns: 100 });
  });
});

describe("many lanes at one limit", () => {
  test("ask the state once for each start, not once for each lane", async () => {
    const clock = createFakeClock(1_000_000);
    const memory = createMemoryState({ clock });
    let asked = 0;
    const state: State = {
      ...memory,
      admit: (limits, cost) => {
        asked++;
        return memory.admit(limits, cost);
      },
    };
    const world = { clock, pacer: createPacer({ state, clock }) };
    const account = limitObject({ id: "account", limit: 10 });
    const all = Array.from({ length: 1000 }, (_, user) =>
      ask(world, [account, limitObject({ id: `user ${user}`, limit: 5 })]),
    );
    const joining = asked;
    await clock.advance(10_000);
    const started = all.filter((one) => one.startedAt !== undefined).length;
    expect(started).toBe(110);
    // One ask in vain at the end of each second, none for the others in line.
    expect(asked - joining).toBeLessThanOrEqual(100 + 20);
  });

  test("fail at once where those before them in other lanes fill the time to their deadline", () => {
    const world = bench();
    const account = limitObject({ id: "account", limit: 10 });
    const lane = (user: number) => [account, limitObject({ id: `user ${user}`, limit: 5 })];
    for (let user = 0; user < 100; user++) ask(world, lane(user));
    const deadline = world.clock.now() + 5000;
    expect(ask(world, lane(500), { deadline }).error).toMatchObject({ code: "rate_limited" });
    expect(ask(world, lane(500), { deadline: world.clock.now() + 20_000 }).error).toBeUndefined();
  });
});

describe("a state that processes share", () => {
  test("is told who waits, how long and of which tenant, for those who had to", async () => {
    const clock = createFakeClock(1_000_000);
    const demands: unknown[] = [];
    const memory = createMemoryState({ clock });
    const state: State = {
      ...createFailingState(memory, { clock }),
      admit: async (limits, cost, demand) => {
        demands.push(demand);
        return memory.admit(limits, cost);
      },
    };
    const world = { clock, pacer: createPacer({ state, clock }) };
    const limits = [limitObject({ limit: 2 })];
    for (let i = 0; i < 4; i++) ask(world, limits, { tenant: "t-7" });
    await clock.advance(1000);
    expect(demands[0]).toBeUndefined();
    expect(demands[1]).toEqual({ units: 3, waitedMs: 0, tenant: "t-7" });
    expect(demands.at(-1)).toEqual({ units: 1, waitedMs: 1000, tenant: "t-7" });
  });
});

test("there are three priorities", () => {
  expect(priorities).toEqual(["high", "normal", "low"]);
});
