/** Redis keeps the same word as memory: the cases of `stateContract`, on a real server and a clock that stands still. */
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, it } from "vitest";
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
});
