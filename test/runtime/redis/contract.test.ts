/** Redis keeps the same word as memory: the cases of `stateContract`, on a real server and a clock that stands still. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, it } from "vitest";
import { createRedisState } from "../../../runtime/redis/index.ts";
import { createFakeClock, stateContract } from "../../../runtime/testing/index.ts";
import { hasRedis, type RedisServer, startRedis } from "../../support/redis-server.ts";
import { quietly } from "./support.ts";

describe.skipIf(!hasRedis())("a state in Redis", () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.stop());

  const make = async () => {
    const clock = createFakeClock();
    const watched = await quietly([server], clock);
    const state = await createRedisState({
      url: server.url,
      keyPrefix: randomUUID(),
      clock: watched.clock,
      time: "clock",
    });
    return {
      state,
      clock: watched.clock,
      close: async () => {
        await state.close();
        watched.close();
      },
    };
  };
  for (const { name, run } of stateContract(make)) it(name, run);
});
