/** Redis keeps the same word as memory: the cases of `stateContract`, on a real server and a clock that stands still. */
import { randomUUID } from "node:crypto";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LimitObject } from "../../../runtime/ports.ts";
import { stateContract } from "../../../runtime/testing/index.ts";
import { hasSomeRedis, type SomeRedis, someRedis } from "../../support/redis-server.ts";
import { quietState } from "./support.ts";

describe.skipIf(!hasSomeRedis())("a state in Redis", () => {
  let server: SomeRedis;
  let probe: Redis;
  beforeAll(async () => {
    server = await someRedis();
    probe = new Redis(server.url);
  });
  afterAll(async () => {
    probe.disconnect();
    await server.stop();
  });

  for (const { name, run } of stateContract(() => quietState([probe], { url: server.url }))) it(name, run);

  it("frees the calls of a process that has said nothing for ten seconds", async () => {
    const narrow: LimitObject = {
      key: { tenant: "t", kind: "limit", id: "narrow" },
      limit: 1_000,
      intervalMs: 1_000,
      burst: 0,
      smooth: false,
      maxConcurrent: 1,
    };
    const keyPrefix = randomUUID();
    const dead = await quietState([probe], { url: server.url, keyPrefix });
    await dead.state.admit([narrow], 1);
    // A process that ends without a word renews nothing: closing says nothing of its calls either.
    await dead.close();
    const { state, clock, close } = await quietState([probe], { url: server.url, keyPrefix });
    await clock.advance(9_900);
    expect(await state.admit([narrow], 1)).toMatchObject({ admitted: false, at: Number.POSITIVE_INFINITY });
    await clock.advance(200);
    expect((await state.admit([narrow], 1)).admitted).toBe(true);
    await close();
  });
});
