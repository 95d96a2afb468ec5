/**
 * What an admission costs the server, from its own counters, for one limit and for four, beside
 * `rate-limiter-flexible` (a fixed window) in the same run. Starts a redis-server of its own.
 */

import { loadavg } from "node:os";
import { Redis } from "ioredis";
import { RateLimiterRedis } from "rate-limiter-flexible";
import type { LimitObject } from "../runtime/ports.ts";
import { createRedisState } from "../runtime/redis/index.ts";
import { hasRedis, startRedis } from "../test/support/redis-server.ts";

const rounds = 5;
const calls = 4_000;

if (hasRedis()) await main();

async function main(): Promise<void> {
  const server = await startRedis();
  const client = new Redis(server.port);
  const state = await createRedisState({ url: server.url, keyPrefix: "bench" });
  const limits = (count: number, limit: number): readonly LimitObject[] =>
    Array.from({ length: count }, (_, index) => ({
      key: { tenant: "t", kind: "limit", id: `${count}.${limit}.${index}` },
      limit,
      intervalMs: 60_000,
      burst: 50,
      smooth: false,
    }));
  const peer = new RateLimiterRedis({ storeClient: client, points: 1_000_000_000, duration: 60 });
  const subjects: Readonly<Record<string, () => unknown>> = {
    "one limit, slots": once(state.admit, limits(1, 1_000_000)),
    "four limits, slots": once(state.admit, limits(4, 1_000_000)),
    "rate-limiter-flexible": () => peer.consume("key"),
  };
  const best = new Map<string, number>();
  for (let round = 0; round < rounds; round++)
    for (const [name, work] of Object.entries(subjects))
      best.set(name, Math.min(best.get(name) ?? Number.POSITIVE_INFINITY, await cost(client, work)));
  console.log(
    `µs of the server per admission, the best of ${rounds} rounds of ${calls}; load ${loadavg()[0]?.toFixed(1)}`,
  );
  for (const [name, us] of best) console.log(`  ${name.padEnd(24)} ${us.toFixed(1)}`);
  await state.close();
  client.disconnect();
  await server.stop();
}

function once(
  admit: Awaited<ReturnType<typeof createRedisState>>["admit"],
  limits: readonly LimitObject[],
): () => unknown {
  return () => admit(limits, 1);
}

/** Microseconds that the server spent in scripts, by INFO commandstats, for each call. */
async function cost(client: Redis, work: () => unknown): Promise<number> {
  await client.config("RESETSTAT");
  for (let call = 0; call < calls; call++) await work();
  const stats = await client.info("commandstats");
  const spent = [...stats.matchAll(/cmdstat_eval(?:sha)?:calls=(\d+),usec=(\d+)/g)];
  const count = spent.reduce((sum, [, one]) => sum + Number(one), 0);
  return spent.reduce((sum, [, , us]) => sum + Number(us), 0) / count;
}
