/** Promises 4 and 5 over processes: one limit for sixteen of them, one token for eight, and a holder that is killed. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { LimitObject } from "../../../runtime/ports.ts";
import { createRedisState } from "../../../runtime/redis/index.ts";
import { type Handler, json, startServer, tokenEndpoint } from "../../../runtime/testing/index.ts";
import { type Member, percentile, runFleet, startMember, worstWindow } from "../../support/fleet.ts";
import { descriptor, irOf } from "../../support/line.ts";
import { hasRedis, type RedisServer, startRedis } from "../../support/redis-server.ts";

const yaml = descriptor(
  "operations: [{ operation_id: op, summary: One, endpoint: /x, auth_type_ref: oauth2_client_credentials }]",
  '  - type: oauth2_client_credentials\n    oauth: { token_url: "{base_url}/token" }',
);

describe.skipIf(!hasRedis())("a fleet", () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  test("of 16 processes with 200 callers each keeps one limit, uses it, and lets nobody wait long", async () => {
    const rule = { limit: 500, burst: 50, intervalMs: 1_000 };
    const seconds = 20;
    const run = await runFleet({
      url: redis.url,
      keyPrefix: randomUUID(),
      callers: 200,
      processes: 16,
      lease: 1,
      seconds,
      ...rule,
    });
    const most = rule.limit + rule.burst;
    // A process that the machine let stand still sends so much later than it was let: the guard is as wide as that.
    const guardMs = Math.max(50, run.stallMs);
    expect(worstWindow(run.arrivals, rule.intervalMs - guardMs)).toBeLessThanOrEqual(most);
    // From rest a bucket gives all of its units; then the rate is the limit's.
    const ideal = most + rule.limit * seconds;
    const inTime = run.arrivals.filter((at) => at <= seconds * 1_000).length;
    expect(inTime).toBeLessThanOrEqual(ideal);
    expect(inTime).toBeGreaterThanOrEqual(0.95 * ideal);
    // In an ideal queue each waits for those before it: all callers of all processes.
    const idealWaitMs = ((16 * 200) / rule.limit) * 1_000;
    const waits = run.members.flatMap((member) => member.waits);
    expect(percentile(waits, 0.99)).toBeLessThanOrEqual(1.25 * idealWaitMs);
    expect(run.members.flatMap((member) => Object.keys(member.errors))).toEqual([]);
    expect(run.members.map((member) => member.unhandled)).toEqual(Array(16).fill(0));
  });

  test("keeps twice the limit at most while Redis is stopped and started again under load, and hangs nobody", async () => {
    const own = await startRedis();
    const rule = { limit: 400, burst: 0, intervalMs: 1_000 };
    try {
      const run = await runFleet({
        url: own.url,
        keyPrefix: randomUUID(),
        callers: 50,
        processes: 4,
        lease: 1,
        seconds: 14,
        ...rule,
        meanwhile: async () => {
          await new Promise((resolve) => setTimeout(resolve, 4_000));
          await own.kill();
          await new Promise((resolve) => setTimeout(resolve, 5_000));
          await own.start();
        },
      });
      const guardMs = Math.max(50, run.stallMs);
      expect(worstWindow(run.arrivals, rule.intervalMs - guardMs)).toBeLessThanOrEqual(2 * rule.limit);
      // Without Redis each goes on with its share of the limit.
      const alone = run.arrivals.filter((at) => at > 5_500 && at <= 8_500).length;
      expect(alone).toBeGreaterThan(0.5 * 3 * rule.limit);
      expect(run.members.every((member) => member.changes >= 2 && member.changes % 2 === 0)).toBe(true);
      expect(run.members.map((member) => member.unhandled)).toEqual(Array(4).fill(0));
    } finally {
      await own.stop();
    }
  });

  async function callers(
    processes: number,
    each: number,
    token: Handler,
    tokens: ReturnType<typeof tokenEndpoint>,
  ) {
    const server = await startServer({ "POST /token": token, "GET /x": tokens.protect(json(1)) });
    const task = {
      url: redis.url,
      keyPrefix: randomUUID(),
      origin: server.origin,
      host: server.host,
      ir: await irOf(yaml),
      callers: each,
    };
    const members = Array.from({ length: processes }, () => startMember("credential-member.mts", task));
    await Promise.all(members.map(({ next }) => next()));
    return { server, members };
  }

  const finish = async ({ next }: Member): Promise<unknown> => JSON.parse(await next());

  test("of 8 processes with 1,000 callers makes one token request", async () => {
    const tokens = tokenEndpoint({ delayMs: 200 });
    const { server, members } = await callers(8, 125, tokens.handler, tokens);
    for (const { child } of members) child.stdin?.write("go\n");
    const outcomes = await Promise.all(members.map(finish));
    expect(outcomes).toEqual(Array(8).fill({ answered: 125, failed: [] }));
    expect(server.times("/token")).toBe(1);
    await server.close();
  });

  test("takes over within 10 s from a process that was killed while it renewed", async () => {
    const tokens = tokenEndpoint({});
    let asked = 0;
    const first: Handler = async (request, ...rest) => {
      asked++;
      // The first holder never has its answer.
      if (asked === 1) await new Promise((resolve) => setTimeout(resolve, 60_000).unref());
      return tokens.handler(request, ...rest);
    };
    const { server, members } = await callers(3, 20, first, tokens);
    const [holder, ...others] = members;
    holder?.child.stdin?.write("go\n");
    await vi.waitUntil(() => asked === 1, { timeout: 30_000 });
    for (const { child } of others) child.stdin?.write("go\n");
    const since = performance.now();
    holder?.child.kill("SIGKILL");
    const outcomes = await Promise.all(others.map(finish));
    expect(outcomes).toEqual(Array(2).fill({ answered: 20, failed: [] }));
    expect(asked).toBe(2);
    // Lease (10 s at most), and what a busy machine adds to the calls.
    expect(performance.now() - since).toBeLessThan(15_000);
    await server.close();
  });

  test("calls of a process that has died come free", async () => {
    const options = { url: redis.url, keyPrefix: randomUUID() };
    const [state, dead] = [await createRedisState(options), await createRedisState(options)];
    const narrow: LimitObject = {
      key: { tenant: "t", kind: "limit", id: "narrow" },
      limit: 1_000,
      intervalMs: 1_000,
      burst: 0,
      smooth: false,
      maxConcurrent: 1,
    };
    await dead.admit([narrow], 1);
    expect(await state.admit([narrow], 1)).toMatchObject({ admitted: false, at: Number.POSITIVE_INFINITY });
    // A process that ends without a word renews nothing: closing says nothing of its calls either.
    await dead.close();
    await vi.waitUntil(async () => (await state.admit([narrow], 1)).admitted, {
      timeout: 40_000,
      interval: 200,
    });
    await state.close();
  });
});
