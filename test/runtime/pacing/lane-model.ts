/** Properties of one lane, against the naive queue: exact starts, exact refusals. */
import fc from "fast-check";
import { expect } from "vitest";
import type { LimitObject } from "../../../runtime/ports.ts";
import { capacity } from "../../../schema/language/limits.ts";
import { NaiveQueue } from "./naive-queue.ts";
import { type Asked, ask, bench, limitObject } from "./support.ts";

const near = 1e-6;

const aLimit = fc.record({
  limit: fc.integer({ min: 1, max: 12 }),
  intervalMs: fc.constantFrom(100, 250, 1000, 60_000),
  burst: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 8 })),
  smooth: fc.constant(false),
});

const someLimits = fc
  .array(aLimit, { minLength: 1, maxLength: 5 })
  .map((all) => all.map((rule, index) => limitObject({ ...rule, id: `limit ${index}` })));

/** Costs run from 1 to 4; a limit that is smaller cuts them. */
export function affordable(limits: readonly LimitObject[], cost: number): number {
  return Math.min(cost, ...limits.map(capacity));
}

const aStep = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant("ask" as const), cost: fc.integer({ min: 1, max: 4 }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant("wait" as const), ms: fc.integer({ min: 0, max: 400 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("abort" as const), which: fc.nat(30) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("refund" as const), which: fc.nat(30) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("jump" as const), ms: fc.integer({ min: 0, max: 2000 }) }),
  },
);

type Property<T> = fc.IAsyncPropertyWithHooks<T>;

/** Every request starts at the first moment that (a), (b) and its turn allow: costs, aborts, refunds, leaps of the clock. */
export function exactStarts(): Property<unknown[]> {
  return fc.asyncProperty(
    someLimits,
    fc.array(aStep, { minLength: 1, maxLength: 30 }),
    async (limits, steps) => {
      const world = bench();
      const model = new NaiveQueue(limits, world.clock.now());
      const asked: Asked[] = [];
      const given = new Set<number>();
      for (const step of steps) {
        if (step.kind === "ask") {
          const cost = affordable(limits, step.cost);
          model.waiting.push({ id: asked.length, cost, deadline: Number.POSITIVE_INFINITY });
          asked.push(ask(world, limits, { cost }));
        } else if (step.kind === "wait") {
          await world.clock.advance(step.ms);
        } else if (step.kind === "jump") {
          world.clock.jump(step.ms);
          model.now = Math.max(model.now, world.clock.now());
          await world.clock.advance(0);
        } else if (step.kind === "abort") {
          const place = model.waiting.findIndex(({ id }) => id === step.which);
          if (place >= 0) model.waiting.splice(place, 1);
          if (place >= 0) asked[step.which]?.abort();
        } else if (model.isInWindow(step.which, world.clock.now()) && !given.has(step.which)) {
          given.add(step.which);
          model.forget(step.which);
          asked[step.which]?.grant?.refund();
        }
        await world.clock.advance(0);
        model.runUntil(world.clock.now());
      }
      await world.clock.advance(4_000_000);
      model.runUntil(world.clock.now());
      for (const [id, one] of asked.entries()) {
        expect(one.startedAt === undefined, `request ${id} started`).toBe(!model.startedAt.has(id));
        const off = Math.abs((one.startedAt ?? 0) - (model.startedAt.get(id) ?? 0));
        expect(off, `request ${id}`).toBeLessThan(near);
      }
      for (const limit of model.limits) expect(limit.violations()).toEqual([]);
      expect(world.clock.pending()).toBe(0);
    },
  );
}

const arrivals = (dearest: number) =>
  fc.array(
    fc.record({
      gap: fc.integer({ min: 0, max: 200 }),
      cost: fc.integer({ min: 1, max: dearest }),
      patience: fc.integer({ min: 0, max: 3000 }),
    }),
    { minLength: 1, maxLength: 30 },
  );

/** Plays arrivals with deadlines; `judge` sees each refusal that came at once, with the start it would have had. */
async function play(
  limits: readonly LimitObject[],
  all: readonly { gap: number; cost: number; patience: number }[],
  judge: (refusedAtOnce: boolean, wouldStart: number, deadline: number) => void,
): Promise<void> {
  const world = bench();
  const model = new NaiveQueue(limits, world.clock.now());
  const asked: (Asked & { deadline: number })[] = [];
  for (const { gap, cost, patience } of all) {
    await world.clock.advance(gap);
    model.runUntil(world.clock.now());
    const deadline = world.clock.now() + patience + 0.5;
    const price = affordable(limits, cost);
    const one = Object.assign(ask(world, limits, { cost: price, deadline }), { deadline });
    judge(one.error !== undefined, model.wouldStart(price), deadline);
    if (one.error === undefined) model.waiting.push({ id: asked.length, cost: price, deadline });
    asked.push(one);
    model.runUntil(world.clock.now());
  }
  await world.clock.advance(100_000);
  model.runUntil(world.clock.now());
  for (const [id, one] of asked.entries()) {
    const expected = model.startedAt.get(id);
    if (expected === undefined) {
      expect(one.error, `request ${id}`).toMatchObject({ code: "rate_limited", retryable: true });
      expect(one.failedAt ?? Number.POSITIVE_INFINITY).toBeLessThanOrEqual(one.deadline);
    } else expect(Math.abs((one.startedAt ?? 0) - expected), `request ${id}`).toBeLessThan(near);
  }
  expect(world.clock.pending()).toBe(0);
}

/** Under one limit exactly those are refused at once whose turn comes after their deadline. */
export function exactRefusals(): Property<unknown[]> {
  return fc.asyncProperty(aLimit, arrivals(1), (rule, all) =>
    play([limitObject(rule)], all, (refused, wouldStart, deadline) =>
      expect(refused).toBe(wouldStart > deadline),
    ),
  );
}

/** Under several nobody is refused at once whose turn comes in time, and everyone else by the deadline. */
export function soundRefusals(): Property<unknown[]> {
  return fc.asyncProperty(someLimits, arrivals(3), (limits, all) =>
    play(limits, all, (refused, wouldStart, deadline) => {
      if (refused) expect(wouldStart).toBeGreaterThan(deadline);
    }),
  );
}
