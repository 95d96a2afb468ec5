import { randomUUID } from "node:crypto";
import type { Redis } from "ioredis";
import type { LimitObject } from "../../../runtime/ports.ts";
import { createRedisState, type RedisState, type RedisStateOptions } from "../../../runtime/redis/index.ts";
import { createFakeClock, type FakeClock, type StateUnderTest } from "../../../runtime/testing/index.ts";

/** A fresh state on a clock that stands still, under a prefix of its own. `probes` are open connections to its servers. */
export async function quietState(
  probes: readonly Redis[],
  options: Pick<RedisStateOptions, "url" | "ca" | "keyPrefix">,
): Promise<StateUnderTest> {
  const clock = quiet(createFakeClock(), probes);
  const keyPrefix = options.keyPrefix ?? randomUUID();
  const state = await createRedisState({ ...options, keyPrefix, clock, time: "clock" });
  if (!state.health().up) throw new Error("Redis does not answer");
  return { state, clock, close: async () => state.close() };
}

/**
 * `advance` goes on when every command that was sent is done and its messages have gone out, which answered questions
 * on another connection show.
 */
export function quiet(clock: FakeClock, probes: readonly Redis[]): FakeClock {
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 6; turn++) {
      for (const probe of probes) await probe.ping();
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  };
  return {
    ...clock,
    advance: async (ms) => {
      await settle();
      await clock.advance(ms);
      await settle();
    },
  };
}

/** How many may start now. */
export async function startsOf(state: RedisState, limits: readonly LimitObject[]): Promise<number> {
  for (let count = 0; count < 1_000; count++) if (!(await state.admit(limits, 1)).admitted) return count;
  throw new Error("there is no limit");
}
