/** The pacer against a naive list of stamps, on random limits, arrivals, costs, aborts, refunds and clock jumps. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LimitObject } from "../../../runtime/ports.ts";
import { capacity, hasBucket } from "../../../schema/language/limits.ts";
import { NaiveLimit } from "./naive-limit.ts";
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
function affordable(limits: readonly LimitObject[], cost: number): number {
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

/** What a first-come, first-served queue over naive limits does. */
class NaiveQueue {
  readonly limits: readonly NaiveLimit[];
  readonly waiting: { readonly id: number; readonly cost: number; readonly deadline: number }[] = [];
  readonly startedAt = new Map<number, number>();
  readonly #started = new Map<number, { readonly at: number; readonly cost: number }>();
  now: number;

  constructor(limits: readonly LimitObject[], now: number) {
    this.limits = limits.map((limit) => new NaiveLimit(limit));
    this.now = now;
  }

  /** Starts whoever can start until `time`, each at the first possible moment. */
  runUntil(time: number): void {
    for (let head = this.waiting[0]; head !== undefined; head = this.waiting[0]) {
      const { cost, deadline, id } = head;
      const at = Math.max(...this.limits.map((limit) => limit.earliest(cost, this.now)));
      if (at > time && at <= deadline) break;
      this.waiting.shift();
      if (at > deadline) continue;
      this.now = Math.max(this.now, at);
      const start = { at: this.now, cost };
      for (const limit of this.limits) limit.starts.push(start);
      this.#started.set(id, start);
      this.startedAt.set(id, this.now);
    }
    this.now = Math.max(this.now, time);
  }

  /** When one more would start if everyone before it does. */
  wouldStart(cost: number): number {
    const kept = this.limits.map((limit) => limit.starts);
    let now = this.now;
    for (const next of [...this.waiting, { cost }]) {
      const earliest = (limit: NaiveLimit): number => limit.earliest(next.cost, now);
      now = Math.max(now, ...this.limits.map(earliest));
      for (const limit of this.limits) limit.starts = [...limit.starts, { at: now, cost: next.cost }];
    }
    for (const [index, limit] of this.limits.entries()) limit.starts = kept[index] ?? [];
    return now;
  }

  /** A refund after that comes too late to change anything: the runtime refunds before the request is on the wire. */
  isInWindow(id: number, now: number): boolean {
    const at = this.startedAt.get(id) ?? Number.NEGATIVE_INFINITY;
    return this.limits.every(({ rule }) => at > now - rule.intervalMs);
  }

  forget(id: number): void {
    const start = this.#started.get(id);
    for (const limit of this.limits) limit.starts = limit.starts.filter((other) => other !== start);
  }
}

describe("one lane", () => {
  test("starts every request at the first moment that (a), (b) and its turn allow", async () => {
    const property = fc.asyncProperty(
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
    await fc.assert(property, { numRuns: 500 });
  });

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

  test("under one limit refuses at once exactly those whose turn comes after their deadline", async () => {
    const property = fc.asyncProperty(aLimit, arrivals(1), (rule, all) =>
      play([limitObject(rule)], all, (refused, wouldStart, deadline) =>
        expect(refused).toBe(wouldStart > deadline),
      ),
    );
    await fc.assert(property, { numRuns: 200 });
  });

  test("refuses nobody at once whose turn comes in time, and everyone else by the deadline", async () => {
    const property = fc.asyncProperty(someLimits, arrivals(3), (limits, all) =>
      play(limits, all, (refused, wouldStart, deadline) => {
        if (refused) expect(wouldStart).toBeGreaterThan(deadline);
      }),
    );
    await fc.assert(property, { numRuns: 300 });
  });
});

describe("several lanes", () => {
  const crowd = fc.record({
    limits: fc.array(
      fc.record({
        limit: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.constant(300)),
        intervalMs: fc.constantFrom(100, 250, 1000),
        burst: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 8 })),
        smooth: fc.boolean(),
        running: fc.oneof(fc.constant(undefined), fc.integer({ min: 1, max: 4 })),
      }),
      { minLength: 1, maxLength: 5 },
    ),
    arrivals: fc.array(
      fc.record({
        gap: fc.integer({ min: 0, max: 60 }),
        mask: fc.integer({ min: 1, max: 31 }),
        cost: fc.integer({ min: 1, max: 4 }),
        lasts: fc.integer({ min: 0, max: 300 }),
        fate: fc.constantFrom("ends", "ends", "ends", "unsent", "aborted"),
      }),
      { minLength: 1, maxLength: 60 },
    ),
  });

  test("keep every limit, lose nobody, and leave no head waiting that could start", async () => {
    const property = fc.asyncProperty(crowd, async ({ limits: rules, arrivals }) => {
      const world = bench();
      const limits = rules.map(({ running, ...rule }, index) =>
        limitObject({
          ...rule,
          id: `limit ${index}`,
          ...(running === undefined ? {} : { maxConcurrent: running }),
        }),
      );
      const naive = new Map(limits.map((limit) => [limit, new NaiveLimit(limit)]));
      const running = new Map(limits.map((limit) => [limit, 0]));
      const count = (lane: readonly LimitObject[], by: number): void => {
        for (const limit of lane) {
          const now = (running.get(limit) ?? 0) + by;
          running.set(limit, now);
          expect(now).toBeLessThanOrEqual(limit.maxConcurrent ?? Number.POSITIVE_INFINITY);
        }
      };
      const all: Asked[] = [];
      const waiting: { asked: Asked; lane: LimitObject[]; cost: number; since: number }[] = [];
      for (const arrival of arrivals) {
        await world.clock.advance(arrival.gap);
        const chosen = limits.filter((_, index) => (arrival.mask >> index) & 1);
        const lane = chosen.length > 0 ? chosen : limits.slice(0, 1);
        const cost = affordable(lane, arrival.cost);
        const asked: Asked = { abort: () => undefined };
        const started = (grant: NonNullable<Asked["grant"]>): void => {
          asked.startedAt = world.clock.now();
          count(lane, 1);
          const start = { at: world.clock.now(), cost };
          for (const limit of lane) naive.get(limit)?.starts.push(start);
          world.clock.timer(arrival.lasts, () => {
            count(lane, -1);
            if (arrival.fate !== "unsent") return grant.release();
            for (const limit of lane) {
              const one = naive.get(limit);
              if (one !== undefined) one.starts = one.starts.filter((other) => other !== start);
            }
            grant.refund();
          });
        };
        const controller = new AbortController();
        const answer = world.pacer.acquire(world.pacer.lane(lane), {
          cost,
          deadline: Number.POSITIVE_INFINITY,
          signal: controller.signal,
        });
        if (answer instanceof Promise) {
          answer.then(started, (error) => {
            asked.error = error;
          });
          if (arrival.fate === "aborted") world.clock.timer(arrival.lasts, () => controller.abort());
        } else started(answer);
        all.push(asked);
        waiting.push({ asked, lane, cost, since: world.clock.now() });
        await world.clock.advance(0);
        expectNoIdleRoom(waiting, naive, running, world.clock.now());
      }
      await world.clock.advance(200_000);
      for (const one of all) expect(one.startedAt !== undefined || one.error !== undefined).toBe(true);
      for (const limit of naive.values()) expect(limit.violations()).toEqual([]);
      expect(world.pacer.inspect()).toEqual([]);
      expect(world.clock.pending()).toBe(0);
    });
    await fc.assert(property, { numRuns: 300 });
  });
});

/** Heads of lanes, oldest first, must lack room in one of their limits, unless an older one is past its window. */
function expectNoIdleRoom(
  all: readonly { asked: Asked; lane: LimitObject[]; cost: number; since: number }[],
  naive: ReadonlyMap<LimitObject, NaiveLimit>,
  running: ReadonlyMap<LimitObject, number>,
  now: number,
): void {
  const heads = new Map<string, (typeof all)[number]>();
  for (const one of all) {
    const id = one.lane.map((limit) => limit.key.id).join();
    if (one.asked.startedAt === undefined && one.asked.error === undefined && !heads.has(id))
      heads.set(id, one);
  }
  const aged = [...heads.values()].some(
    ({ lane, since }) => now - since >= Math.max(...lane.map((l) => l.intervalMs)),
  );
  if (aged) return;
  for (const { lane, cost } of heads.values()) {
    const blocked = lane.some((limit) => {
      // Slots and smooth catching up are judged elsewhere.
      if (capacity(limit) > 256 || limit.smooth) return true;
      if ((running.get(limit) ?? 0) >= (limit.maxConcurrent ?? Number.POSITIVE_INFINITY)) return true;
      return (naive.get(limit)?.earliest(cost, now) ?? now) > now - (hasBucket(limit) ? near : 0);
    });
    expect(blocked, `a head of cost ${cost} waits at ${now} though there is room`).toBe(true);
  }
}
