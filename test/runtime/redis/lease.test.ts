/** `lease: n`: one question fetches units for several who wait, and none of them is ever too many. */
import { randomUUID } from "node:crypto";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { LimitObject } from "../../../runtime/ports.ts";
import { createRedisState, type RedisState } from "../../../runtime/redis/index.ts";
import { createFakeClock, type FakeClock } from "../../../runtime/testing/index.ts";
import { hasRedis, type RedisServer, startRedis } from "../../support/redis-server.ts";
import { quiet } from "./support.ts";

const wide = (fields: Partial<LimitObject> = {}): LimitObject => ({
  key: { tenant: "t", kind: "limit", id: "wide" },
  limit: 100,
  intervalMs: 6_400,
  burst: 0,
  smooth: false,
  ...fields,
});
/** An interval's 128th part. */
const leaseMs = 50;
const demand = (units: number) => ({ units, waitedMs: 1, tenant: "t" });

describe.skipIf(!hasRedis())("a lease of units", () => {
  let server: RedisServer;
  let counter: Redis;
  const closing: (() => Promise<void> | void)[] = [];
  beforeAll(async () => {
    server = await startRedis();
    counter = new Redis(server.port);
  });
  afterEach(async () => {
    for (const close of closing.reverse()) await close();
    closing.length = 0;
  });
  afterAll(async () => {
    counter.disconnect();
    await server.stop();
  });

  async function fleet(
    size: number,
    lease: number,
  ): Promise<{ readonly states: RedisState[]; readonly clock: FakeClock; readonly first: RedisState }> {
    const clock = quiet(createFakeClock(1_000), [counter]);
    const keyPrefix = randomUUID();
    const states: RedisState[] = [];
    for (let index = 0; index < size; index++) {
      const state = await createRedisState({
        url: server.url,
        keyPrefix,
        lease,
        clock,
        time: "clock",
      });
      closing.push(async () => state.close());
      states.push(state);
    }
    const [first] = states;
    if (first === undefined) throw new Error("an empty fleet");
    return { states, clock, first };
  }

  /** Questions that reached Redis while `work` ran. */
  async function questions(work: () => Promise<void>): Promise<number> {
    const count = async (): Promise<number> =>
      [...(await counter.info("commandstats")).matchAll(/cmdstat_eval(?:sha)?:calls=(\d+)/g)].reduce(
        (sum, [, calls]) => sum + Number(calls),
        0,
      );
    const before = await count();
    await work();
    return (await count()) - before;
  }

  async function starts(state: RedisState, limits: readonly LimitObject[], most: number): Promise<number> {
    for (let made = 0; made < most; made++)
      if (!(await state.admit(limits, 1, demand(most - made))).admitted) return made;
    return most;
  }

  async function used(state: RedisState): Promise<number> {
    return (await state.inspect()).limits[0]?.used ?? 0;
  }

  test("costs one question for all who wait, up to a twentieth of the limit", async () => {
    const { first } = await fleet(1, 1_000);
    const limits = [wide()];
    // The server knows the script from here on.
    expect(await starts(first, limits, 5)).toBe(5);
    expect(await questions(async () => void (await starts(first, limits, 20)))).toBe(4);
    expect(await used(first)).toBe(25);
  });

  test("fetches nothing for one who has not waited, and no more than wait", async () => {
    const { first } = await fleet(1, 5);
    const limits = [wide()];
    await first.admit(limits, 1);
    expect(await used(first)).toBe(1);
    await first.admit(limits, 1, demand(3));
    expect(await used(first)).toBe(4);
  });

  test("is given back at its end where nobody took it", async () => {
    const { first, states, clock } = await fleet(2, 5);
    const limits = [wide()];
    await first.admit(limits, 1, demand(5));
    expect(await used(first)).toBe(5);
    await clock.advance(leaseMs + 1);
    expect(await used(first)).toBe(1);
    const [, other] = states;
    expect(other && (await starts(other, limits, 200))).toBe(99);
  });

  test("counts to the end of its window where its holder has died, and is free after it", async () => {
    const { states, clock } = await fleet(2, 5);
    const [dead, other] = states;
    await dead?.admit([wide()], 1, demand(5));
    // Nothing of the dead process runs any more: its units stay taken.
    await dead?.close();
    const limits = [wide()];
    expect(other && (await starts(other, limits, 200))).toBe(95);
    await clock.advance(6_400 + leaseMs);
    expect(other && (await starts(other, limits, 5))).toBe(5);
  });

  test("is of no use after its end, though nobody has given it back yet", async () => {
    const { first, clock } = await fleet(1, 5);
    const limits = [wide()];
    await first.admit(limits, 1, demand(5));
    clock.jump(leaseMs);
    expect(await questions(async () => void (await first.admit(limits, 1)))).toBe(1);
  });

  test("is not taken where running calls are counted, and leaves no call running", async () => {
    const { first } = await fleet(1, 5);
    const narrow = [wide({ maxConcurrent: 2 })];
    await first.admit(narrow, 1, demand(5));
    expect(await used(first)).toBe(1);
    await first.admit(narrow, 1, demand(5));
    expect((await first.admit(narrow, 1, demand(5))).admitted).toBe(false);
  });

  for (const burst of [0, 40])
    test(`never exceeds ${100 + burst} in any window, over processes that take, waste and refund`, async () => {
      const { states, clock } = await fleet(3, 5);
      const rule = { burst };
      const made: number[] = [];
      const lists = states.map(() => [wide(rule)]);
      for (let step = 0; step < 150; step++) {
        for (const [index, state] of states.entries()) {
          const limits = lists[index] ?? [];
          // The third process fetches more than it takes.
          const count = index === 2 ? 1 : 1 + (step % 4);
          for (let call = 0; call < count; call++) {
            const answer = await state.admit(limits, 1, demand(index === 2 ? 5 : count - call));
            if (!answer.admitted) break;
            if (step % 7 === 0 && call === 0) await state.refund(limits, 1, answer.at);
            else {
              made.push(clock.now());
              await state.release(limits);
            }
          }
        }
        if (step % 10 === 0) await clock.advance(leaseMs + 10);
        else clock.jump(step % 5 === 0 ? 0 : 110);
      }
      expect(made.length).toBeGreaterThan(100);
      let from = 0;
      for (const [index, at] of made.entries()) {
        while ((made[from] ?? at) <= at - 6_400) from++;
        expect(index - from + 1).toBeLessThanOrEqual(100 + burst);
      }
    });
});
