/**
 * Promises 1, 4, 5, 12 and 14 in one run: a fleet that calls without a pause while its Redis forgets, hangs, takes no
 * writes, loads and is stopped for five seconds.
 */
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { startCallingFleet } from "../../support/calling-fleet.ts";
import { hasRedis, type RedisServer, startRedis } from "../../support/redis-server.ts";

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe.skipIf(!hasRedis())("a fleet whose Redis fails in every way", () => {
  let redis: RedisServer;
  beforeAll(async () => {
    // Told to load slowly, and to answer meanwhile.
    redis = await startRedis(["--key-load-delay", "300", "--loading-process-events-interval-bytes", "1024"]);
  });
  afterAll(() => redis.stop());

  /** What happens to the server, one after another; `settled` waits until all processes had the time to come back. */
  async function storm(): Promise<void> {
    const root = new Redis(redis.url, { retryStrategy: () => 50 });
    root.on("error", () => undefined);
    const settled = (): Promise<void> => pause(1_500);
    await settled();
    await root.flushall();
    await settled();
    await root.call("CLIENT", "PAUSE", "1000", "ALL");
    await pause(1_000);
    await settled();
    await root.call("REPLICAOF", "127.0.0.1", "1");
    await pause(700);
    await root.call("REPLICAOF", "NO", "ONE");
    await settled();
    await root.eval("for i = 1, 2500 do redis.call('SET', 'filler' .. i, i) end", 0);
    await root.save();
    await redis.kill();
    await redis.start();
    const loaded = async (): Promise<boolean> =>
      (await root.info("persistence").catch(() => "")).includes("loading:0");
    await vi.waitUntil(loaded, { timeout: 30_000 });
    await settled();
    await redis.kill();
    await pause(5_000);
    await redis.start();
    root.disconnect();
  }

  test("answers every call in time, starts twice the limit at most, and is whole again by itself", async () => {
    const fleet = await startCallingFleet(redis.url);
    await storm();
    const reports = await fleet.finish(4);
    // A process that the machine hardly runs may sleep through the short ones, and not through five seconds.
    for (const { changes } of reports) expect(changes).toBeGreaterThanOrEqual(2);
  });
});
