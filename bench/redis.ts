/**
 * What an admission costs the server, from its own counters, for one limit and for four, where there is room and where
 * others wait, beside `rate-limiter-flexible` (a fixed window) in the same run. Starts a redis-server of its own.
 */

import { loadavg } from "node:os";
import { Redis } from "ioredis";
import { RateLimiterRedis } from "rate-limiter-flexible";
import type { LimitObject } from "../runtime/ports.ts";
import { createRedisState, type RedisState } from "../runtime/redis/index.ts";
import { hasRedis, startRedis } from "../test/support/redis-server.ts";

/** Many short rounds, of which the best counts: what else the machine does falls into some of them only. */
const rounds = 60;
const calls = 300;

if (hasRedis()) await main();

async function main(): Promise<void> {
  const server = await startRedis();
  const client = new Redis(server.port);
  const states = await Promise.all(
    Array.from({ length: 8 }, () => createRedisState({ url: server.url, keyPrefix: "bench" })),
  );
  const peer = new RateLimiterRedis({ storeClient: client, points: 1_000_000_000, duration: 60 });
  const minute = 60_000;
  const subjects: Readonly<Record<string, () => unknown>> = {
    "one limit, slots": turns(states, limits(1, 1_000_000, minute)),
    "one limit, slots of 8 ms": turns(states, limits(1, 20_000, 1_000)),
    "one limit, slots and a burst": turns(states, limits(1, 1_000_000, minute, 50)),
    "one limit, every stamp": turns(states, limits(1, 200, 10)),
    "four limits, slots": turns(states, limits(4, 1_000_000, minute)),
    "one limit, refused among 8 that wait": turns(states, limits(1, 1, 60 * minute)),
    "rate-limiter-flexible": () => peer.consume("key"),
  };
  const best = new Map<string, number>();
  for (let round = 0; round < rounds; round++)
    for (const [name, work] of Object.entries(subjects))
      best.set(name, Math.min(best.get(name) ?? Number.POSITIVE_INFINITY, await cost(client, work)));
  console.log(
    `µs of the server per admission, the best of ${rounds} rounds of ${calls}; load ${loadavg()[0]?.toFixed(1)}`,
  );
  for (const [name, us] of best) console.log(`  ${name.padEnd(38)} ${us.toFixed(1)}`);
  for (const state of states) await state.close();
  client.disconnect();
  await server.stop();
}

function limits(count: number, limit: number, intervalMs: number, burst = 0): readonly LimitObject[] {
  return Array.from({ length: count }, (_, index) => ({
    key: { tenant: "t", kind: "limit", id: `${count}.${limit}.${burst}.${index}` },
    limit,
    intervalMs,
    burst,
    smooth: false,
  }));
}

/** The processes ask in turn. */
function turns(states: readonly RedisState[], limits: readonly LimitObject[]): () => unknown {
  let turn = 0;
  return () => states[turn++ % states.length]?.admit(limits, 1);
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
