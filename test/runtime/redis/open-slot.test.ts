/** A limit that is far from full is served from its open slot: what that costs, and what ends it. A real server, and its own clock. */
import { randomUUID } from "node:crypto";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { LimitObject } from "../../../runtime/ports.ts";
import { createRedisState, type RedisState } from "../../../runtime/redis/index.ts";
import { createFakeClock } from "../../../runtime/testing/index.ts";
import { hasRedis, type RedisServer, startRedis } from "../../support/redis-server.ts";

/** Slots of 28 s: none ends while a test runs. */
const wide = (fields: Partial<LimitObject> = {}): LimitObject => ({
  key: { tenant: "t", kind: "limit", id: "wide" },
  limit: 1_000,
  intervalMs: 3_600_000,
  burst: 0,
  smooth: false,
  ...fields,
});

describe.skipIf(!hasRedis())("an open slot in Redis", () => {
  let server: RedisServer;
  let root: Redis;
  const closing: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    server = await startRedis();
    root = new Redis(server.port);
  });
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });
  afterAll(async () => {
    root.disconnect();
    await server.stop();
  });

  /** By which no answer is ever late, however busy the machine is. */
  const clock = createFakeClock();

  async function fleet(size: number): Promise<readonly RedisState[]> {
    const keyPrefix = randomUUID();
    const states: RedisState[] = [];
    for (let index = 0; index < size; index++) {
      const state = await createRedisState({ url: server.url, keyPrefix, clock });
      closing.push(async () => state.close());
      states.push(state);
    }
    return states;
  }

  async function starts(state: RedisState, limit: LimitObject, most: number): Promise<number> {
    for (let made = 0; made < most; made++) if (!(await state.admit([limit], 1)).admitted) return made;
    return most;
  }

  /** How often scripts have called these commands while `work` ran. */
  async function called(work: () => Promise<unknown>): Promise<Readonly<Record<string, number>>> {
    await root.config("RESETSTAT");
    await work();
    const stats = await root.info("commandstats");
    return Object.fromEntries(
      [...stats.matchAll(/cmdstat_(\w+):calls=(\d+)/g)].map(([, name, calls]) => [name, Number(calls)]),
    );
  }

  test("gives to all processes for one GET and one INCRBY each, and tells what it gave", async () => {
    const [first, second] = await fleet(2);
    if (first === undefined || second === undefined) throw new Error("no fleet");
    const limit = wide();
    await starts(first, limit, 2);
    const calls = await called(async () => {
      for (let turn = 0; turn < 50; turn++) {
        await starts(first, limit, 1);
        await starts(second, limit, 1);
        await first.release([limit]);
      }
    });
    expect(calls).toMatchObject({ get: 100, incrby: 100 });
    expect(calls).not.toHaveProperty("setrange");
    // The last call that has ended is told with the next question.
    expect((await second.inspect()).limits).toMatchObject([{ used: 102, running: 53 }]);
  });

  test("gives no more than the limit, by which way it may be asked", async () => {
    const [first, second] = await fleet(2);
    if (first === undefined || second === undefined) throw new Error("no fleet");
    const [limit, other] = [wide(), wide({ key: { tenant: "t", kind: "limit", id: "other" } })];
    expect(await starts(first, limit, 300)).toBe(300);
    expect((await second.admit([limit, other], 5)).admitted).toBe(true);
    expect(await starts(second, limit, 300)).toBe(300);
    expect((await first.admit([limit], 7)).admitted).toBe(true);
    expect(await starts(first, limit, 2_000)).toBe(1_000 - 612);
    expect(await starts(second, limit, 1)).toBe(0);
  });

  test("takes back the start that was not made", async () => {
    const [state] = await fleet(1);
    if (state === undefined) throw new Error("no fleet");
    const limit = wide();
    await starts(state, limit, 10);
    const answer = await state.admit([limit], 4);
    await state.refund([limit], 4, answer.admitted ? answer.at : undefined);
    expect((await state.inspect()).limits).toMatchObject([{ used: 10, running: 10 }]);
  });

  test("is none of a process whose starts the record has forgotten: it tells of them first", async () => {
    const [first, second] = await fleet(2);
    if (first === undefined || second === undefined) throw new Error("no fleet");
    const limit = wide();
    await starts(first, limit, 400);
    await root.flushall();
    // The other one makes a new record, and opens its slot.
    await starts(second, limit, 10);
    expect(await starts(first, limit, 1)).toBe(1);
    expect((await first.inspect()).limits).toMatchObject([{ used: 411 }]);
    expect(await starts(second, limit, 2_000)).toBe(1_000 - 411);
  });

  test("is none of a process that knows another limit: a deployment changes it at once", async () => {
    const [old, young] = await fleet(2);
    if (old === undefined || young === undefined) throw new Error("no fleet");
    await starts(old, wide(), 300);
    expect(await starts(young, wide({ limit: 400 }), 1_000)).toBe(100);
    expect(await starts(young, wide({ limit: 400 }), 1)).toBe(0);
  });

  test("ends when a server says to wait", async () => {
    const [first, second] = await fleet(2);
    if (first === undefined || second === undefined) throw new Error("no fleet");
    const limit = wide();
    await starts(first, limit, 10);
    await second.feedback(limit, { holdUntil: clock.now() + 60_000 });
    expect(await starts(first, limit, 1)).toBe(0);
  });
});
