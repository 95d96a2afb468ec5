/** The pacer of standalone clients against the runtime's: one queue lets start what many lines let start. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Pacer } from "../../../runtime/pacing/pacer-contract.ts";
import type { LimitObject } from "../../../runtime/ports.ts";
import { failure } from "../../../runtime/standalone/errors.ts";
import { createPacer, type End, type Quota } from "../../../runtime/standalone/pacer.ts";
import { createFakeClock } from "../../../runtime/testing/clock.ts";
import { type Asked, ask, type Bench, bench, limitObject } from "../pacing/support.ts";

function ownBench(options: { readonly maxQueue?: number } = {}): Pick<Bench, "clock" | "pacer"> {
  const clock = createFakeClock(1_000_000);
  const pacer = createPacer(clock, options.maxQueue);
  const quota = (limit: LimitObject): Quota => ({ ...limit, key: `${limit.key.tenant} ${limit.key.id}` });
  const granted = (end: End) => {
    let isOpen = true;
    const once = (isUnsent: boolean): void => {
      if (isOpen) end(isUnsent);
      isOpen = false;
    };
    return { release: () => once(false), refund: () => once(true), waitedMs: 0 };
  };
  const asked: Pacer = {
    lane: (limits, tenant) => ({ limits, tenant }),
    acquire: (lane, request) => {
      const grant = pacer.acquire(lane.limits.map(quota), request);
      return grant instanceof Promise ? grant.then(granted) : granted(grant);
    },
    feedback: (limit, said) => pacer.feedback(quota(limit), said),
    inspect: () => [],
    close: () => pacer.close(),
  };
  return { clock, pacer: asked };
}

/** When each of the calls that come at these times starts; each ends after `lastsMs`. */
async function starts(
  world: Pick<Bench, "clock" | "pacer">,
  limits: Parameters<typeof ask>[1],
  gaps: readonly number[],
  lastsMs: number,
): Promise<readonly (number | undefined)[]> {
  const asked: Asked[] = [];
  const began = world.clock.now();
  for (const gap of gaps) {
    await world.clock.advance(gap);
    const one = ask(world, limits);
    asked.push(one);
    world.clock.timer(lastsMs, () => one.grant?.release());
  }
  for (let round = 0; round < 200; round++) {
    await world.clock.advance(100);
    for (const { grant } of asked) grant?.release();
  }
  return asked.map(({ startedAt }) => startedAt && startedAt - began);
}

describe("the pacer of a standalone client", () => {
  it("starts calls at the very times at which the runtime's does", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.constantFrom(200, 1000),
        fc.integer({ min: 0, max: 3 }),
        fc.boolean(),
        fc.array(fc.constantFrom(0, 1, 50, 400), { minLength: 1, maxLength: 14 }),
        async (limit, intervalMs, burst, smooth, gaps) => {
          const limits = [limitObject({ limit, intervalMs, burst, smooth })];
          expect(await starts(ownBench(), limits, gaps, 10)).toEqual(await starts(bench(), limits, gaps, 10));
        },
      ),
      { numRuns: 60 },
    );
  });

  it("lets nobody pass who waits for a limit of its own, and everybody else", async () => {
    const world = ownBench();
    const [one, other] = [limitObject({ limit: 1 }), limitObject({ limit: 5, id: "other" })];
    ask(world, [one]);
    const both = ask(world, [one, other]);
    const behind = ask(world, [limitObject({ limit: 5, id: "other" })]);
    const apart = ask(world, [limitObject({ limit: 1, id: "third" })]);
    await world.clock.advance(0);
    expect([both.startedAt, behind.startedAt]).toEqual([undefined, undefined]);
    expect(apart.startedAt).toBeDefined();
    await world.clock.advance(1_000);
    expect([both.startedAt, behind.startedAt].every((at) => at !== undefined)).toBe(true);
  });

  it("takes a call of high priority first", async () => {
    const world = ownBench();
    const limits = [limitObject({ limit: 1 })];
    ask(world, limits);
    const normal = ask(world, limits);
    const high = ask(world, limits, { priority: "high" });
    await world.clock.advance(1_000);
    expect(high.startedAt).toBeDefined();
    expect(normal.startedAt).toBeUndefined();
  });

  it("gives the place of an aborted call to the next, and ends the rest when it closes", async () => {
    const world = ownBench();
    const limits = [limitObject({ limit: 1 })];
    ask(world, limits);
    const [first, second, third] = [ask(world, limits), ask(world, limits), ask(world, limits)];
    first.abort(failure("aborted", "The caller has ended it."));
    await world.clock.advance(1_000);
    expect(first.error).toMatchObject({ code: "aborted" });
    expect(second.startedAt).toBeDefined();
    world.pacer.close();
    await world.clock.advance(0);
    expect(third.error).toMatchObject({ code: "aborted" });
    expect(ask(world, limits).error).toMatchObject({ code: "aborted" });
  });

  it("refuses at once what cannot start in time, what never can, and who is one too many", () => {
    const world = ownBench({ maxQueue: 1 });
    const limits = [limitObject({ limit: 1 })];
    ask(world, limits);
    expect(ask(world, limits, { deadline: world.clock.now() + 500 }).error).toMatchObject({
      code: "rate_limited",
      retryAt: expect.any(Number),
    });
    ask(world, limits);
    expect(ask(world, limits).error).toMatchObject({ code: "queue_full" });
    expect(ask(world, limits, { cost: 2 }).error).toMatchObject({ code: "configuration" });
  });
});
