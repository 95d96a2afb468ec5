/** What a refusal promises: `retryAt` is the first moment at which a new call finds room, where nobody else comes. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ConnectorError } from "../../../runtime/errors.ts";
import type { LimitObject } from "../../../runtime/ports.ts";
import { capacity } from "../../../schema/language/limits.ts";
import { type Asked, ask, type Bench, bench, limitObject } from "./support.ts";

/** All that happens does so at whole milliseconds, in which `retryAt` is told: room that lasts for less would be missed. */
const aLimit = fc.record({
  limit: fc.constantFrom(1, 2, 3, 4, 5, 6, 8),
  intervalMs: fc.constantFrom(120, 240, 1200),
  burst: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 6 })),
  smooth: fc.boolean(),
});

const limitCount = 3;

const anArrival = fc.record({
  gap: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 120 })),
  /** Bits of the limits that the call counts against, one at least. */
  lane: fc.integer({ min: 1, max: 2 ** limitCount - 1 }),
  cost: fc.integer({ min: 1, max: 4 }),
  patience: fc.oneof(fc.constant(Number.POSITIVE_INFINITY), fc.integer({ min: 0, max: 2_000 })),
});

const aScene = fc.record({
  rules: fc.array(aLimit, { minLength: limitCount, maxLength: limitCount }),
  arrivals: fc.array(anArrival, { minLength: 1, maxLength: 25 }),
  last: anArrival,
});

type SceneOf<T> = T extends fc.Arbitrary<infer Value> ? Value : never;

interface Scene {
  readonly world: Bench;
  /** Asks for the last of the arrivals, which has no patience. */
  readonly askLast: () => Asked;
}

async function play({ rules, arrivals, last }: SceneOf<typeof aScene>): Promise<Scene> {
  const world = bench();
  const limits = rules.map((rule, index) => limitObject({ ...rule, id: `limit ${index}` }));
  const laneOf = (bits: number): LimitObject[] => limits.filter((_, index) => (bits >> index) & 1);
  const price = (all: readonly LimitObject[], cost: number): number => Math.min(cost, ...all.map(capacity));
  for (const { gap, lane, cost, patience } of arrivals) {
    await world.clock.advance(gap);
    ask(world, laneOf(lane), {
      cost: price(laneOf(lane), cost),
      deadline: world.clock.now() + patience,
    });
  }
  await world.clock.advance(last.gap);
  const mine = laneOf(last.lane);
  return {
    world,
    askLast: () => ask(world, mine, { cost: price(mine, last.cost), deadline: world.clock.now() }),
  };
}

function retryAtOf({ error }: Asked): number {
  if (!ConnectorError.is(error) || error.retryAt === undefined) throw new Error(`no retryAt in ${error}`);
  expect(error.code).toBe("rate_limited");
  return error.retryAt;
}

/** Timers have no parts of a nanosecond. */
const near = 1e-6;

describe("retryAt", () => {
  test("is when a new call starts at once, whatever others cost and whichever limits they share", async () => {
    await fc.assert(
      fc.asyncProperty(aScene, async (scene) => {
        const { world, askLast } = await play(scene);
        const first = askLast();
        // One whose turn is now may wait for it.
        await world.clock.advance(0);
        if (first.startedAt !== undefined) return;
        await world.clock.advance(retryAtOf(first) - world.clock.wall() + near);
        expect(askLast().error).toBeUndefined();
      }),
      { numRuns: 200 },
    );
  });

  test("is no later than that: before it there is no room", async () => {
    await fc.assert(
      fc.asyncProperty(aScene, fc.double({ min: 0, max: 0.999, noNaN: true }), async (scene, part) => {
        const { world, askLast } = await play(scene);
        const first = askLast();
        // One whose turn is now may wait for it.
        await world.clock.advance(0);
        if (first.startedAt !== undefined) return;
        const wait = retryAtOf(first) - world.clock.wall();
        // It is told in whole milliseconds.
        if (wait <= 1) return;
        await world.clock.advance(Math.min(wait * part, wait - 1.001));
        expect(askLast().startedAt).toBeUndefined();
      }),
      { numRuns: 200 },
    );
  });
});
