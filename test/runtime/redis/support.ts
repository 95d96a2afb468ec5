import { Redis } from "ioredis";
import type { FakeClock } from "../../../runtime/testing/index.ts";
import type { RedisServer } from "../../support/redis-server.ts";

/**
 * A clock that stands still while Redis works: `advance` goes on when every command that was sent is done and its
 * messages have gone out, which two answered questions on another connection show.
 */
export async function quietly(
  servers: readonly RedisServer[],
  clock: FakeClock,
): Promise<{ readonly clock: FakeClock; close(): void }> {
  const probes = servers.map(({ port }) => new Redis(port, "127.0.0.1"));
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 6; turn++) {
      for (const probe of probes) await probe.ping();
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  };
  return {
    clock: {
      ...clock,
      advance: async (ms) => {
        await settle();
        await clock.advance(ms);
        await settle();
      },
    },
    close: () => {
      for (const probe of probes) probe.disconnect();
    },
  };
}
