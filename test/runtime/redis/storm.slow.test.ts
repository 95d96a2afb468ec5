/**
 * Promises 1, 4, 5, 12 and 14 in one run: a fleet that calls without a pause while its Redis forgets, hangs, takes no
 * writes, loads and is stopped for five seconds.
 */
import { randomUUID } from "node:crypto";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Handler, json, startServer, tokenEndpoint } from "../../../runtime/testing/index.ts";
import type { CallingReport, CallingTask } from "../../support/calling-member.mts";
import { startMembers, worstWindow } from "../../support/fleet.ts";
import { descriptor, irOf } from "../../support/line.ts";
import { hasRedis, type RedisServer, startRedis } from "../../support/redis-server.ts";

const limit = 200;
const processes = 3;
const timeoutMs = 3_000;
const yaml = descriptor(
  `operations: [{ operation_id: op, summary: One, endpoint: /x, auth_type_ref: oauth2_client_credentials }]
rate_limits: [{ limit: ${limit}, interval_seconds: 1, scope: per_account }]`,
  '  - type: oauth2_client_credentials\n    oauth: { token_url: "{base_url}/token" }',
);
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
    const arrivals: number[] = [];
    const tokens = tokenEndpoint({ delayMs: 10, expiresIn: 3_600 });
    const counted: Handler = (request, ...rest) => {
      arrivals.push(performance.now());
      return tokens.protect(json(1))(request, ...rest);
    };
    const server = await startServer({ "POST /token": tokens.handler, "GET /x": counted });
    const { origin, host } = server;
    const keyPrefix = randomUUID();
    const ir = await irOf(yaml);
    const task: CallingTask = {
      url: redis.url,
      keyPrefix,
      origin,
      host,
      ir,
      callers: 20,
      processes,
      timeoutMs,
    };
    const members = startMembers("calling-member.mts", Array<CallingTask>(processes).fill(task));
    await Promise.all(members.map(({ next }) => next()));
    for (const { child } of members) child.stdin?.write("go\n");
    await storm();
    for (const { child } of members) child.stdin?.write("stop\n");
    const reports = await Promise.all(
      members.map(async ({ next }): Promise<CallingReport> => JSON.parse(await next())),
    );
    await server.close();

    expect(reports.map(({ unhandled }) => unhandled)).toEqual([0, 0, 0]);
    // Where there is no store the share is kept; what had no share in time says so, and a
    // machine that is busy loses a connection to the upstream.
    const codes = new Set(reports.flatMap(({ errors }) => Object.keys(errors)));
    expect(
      [...codes].filter(
        (code) => !["rate_limited", "state_unavailable", "deadline_exceeded", "network_error"].includes(code),
      ),
    ).toEqual([]);
    // A busy machine adds to what the deadline allows, and never half a minute.
    expect(Math.max(...reports.map(({ longestMs }) => longestMs))).toBeLessThan(timeoutMs + 10_000);
    expect(worstWindow(arrivals, 750)).toBeLessThanOrEqual(2 * limit);
    // All are back, have said so once for each change, and call again.
    for (const { up, changes, lines, answeredLast } of reports) {
      expect(up).toBe(true);
      expect(changes % 2).toBe(0);
      // A process that the machine hardly runs may sleep through the short ones, and not through five seconds.
      expect(changes).toBeGreaterThanOrEqual(2);
      expect(lines).toBe(changes);
      expect(answeredLast).toBeGreaterThan(0);
    }
    // One token for all; one more where the store that kept it has forgotten it while another was asked for.
    expect(server.times("/token")).toBeLessThanOrEqual(1 + 4);
  });
});
