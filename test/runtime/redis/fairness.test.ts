/** A limit that all tenants share, over four states as four processes have: who asks for much gets no more of it than who asks for little. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemClock } from "../../../runtime/clock.ts";
import { createPacer } from "../../../runtime/pacing/pacer.ts";
import type { LimitObject } from "../../../runtime/ports.ts";
import { createRedisState } from "../../../runtime/redis/index.ts";
import { hasSomeRedis, type SomeRedis, someRedis } from "../../support/redis-server.ts";

/** Callers of each tenant in each process: one floods everywhere, one asks modestly, one only in the last process. */
const callers = [
  { loud: 60, quiet: 2, late: 0 },
  { loud: 60, quiet: 2, late: 0 },
  { loud: 60, quiet: 2, late: 0 },
  { loud: 60, quiet: 2, late: 4 },
];

describe.skipIf(!hasSomeRedis())("a limit of all tenants", () => {
  let server: SomeRedis;
  beforeAll(async () => {
    server = await someRedis();
  });
  afterAll(() => server.stop());

  test("is divided by turns of the tenants, whatever each of them asks for", async () => {
    const keyPrefix = randomUUID();
    const started = { loud: 0, quiet: 0, late: 0 };
    const ends: (() => Promise<void>)[] = [];
    const stop = new AbortController();
    const running: Promise<void>[] = [];
    for (const tenants of callers) {
      const state = await createRedisState({ url: server.url, keyPrefix });
      const pacer = createPacer({ state, clock: systemClock });
      const limit: LimitObject = {
        key: { tenant: "*", kind: "limit", id: "shared" },
        group: "*",
        limit: 20,
        intervalMs: 100,
        burst: 0,
        smooth: false,
      };
      for (const tenant of ["loud", "quiet", "late"] as const) {
        const lane = pacer.lane([limit], tenant);
        const caller = async (): Promise<void> => {
          while (!stop.signal.aborted) {
            const request = { cost: 1, deadline: performance.now() + 60_000, signal: stop.signal };
            const grant = await pacer.acquire(lane, request);
            started[tenant]++;
            grant.release();
          }
        };
        for (let count = 0; count < tenants[tenant]; count++) running.push(caller().catch(() => undefined));
      }
      ends.push(async () => {
        pacer.close();
        await state.close();
      });
    }
    // Counted in starts and not in time.
    while (started.loud + started.quiet + started.late < 400)
      await new Promise((resolve) => setTimeout(resolve, 20));
    stop.abort();
    await Promise.all(running);
    for (const end of ends) await end();
    // In each process the tenants take turns, and the processes do. Half of three processes and a third of the fourth are the loud one's.
    const all = started.loud + started.quiet + started.late;
    expect(started.quiet / all).toBeGreaterThan(0.3);
    expect(started.late / all).toBeGreaterThan(0.03);
    expect(started.loud / all).toBeLessThan(0.62);
  });
});
