/** Promises 4 and 5 over processes: one limit for sixteen of them, one token for eight, and a holder that is killed. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Handler, json, startServer, tokenEndpoint } from "../../../runtime/testing/index.ts";
import { type Member, runFleet, startMembers, worstWindow } from "../../support/fleet.ts";
import { descriptor, irOf } from "../../support/line.ts";
import { hasSomeRedis, type SomeRedis, someRedis } from "../../support/redis-server.ts";

const yaml = descriptor(
  "operations: [{ operation_id: op, summary: One, endpoint: /x, auth_type_ref: oauth2_client_credentials }]",
  '  - type: oauth2_client_credentials\n    oauth: { token_url: "{base_url}/token" }',
);

describe.skipIf(!hasSomeRedis())("a fleet", () => {
  let redis: SomeRedis;
  beforeAll(async () => {
    redis = await someRedis();
  });
  afterAll(() => redis.stop());

  test("of 16 processes with 200 callers each keeps one limit by the dates of Redis, exactly", async () => {
    const rule = { limit: 500, burst: 50, intervalMs: 1_000 };
    const run = await runFleet({
      url: redis.url,
      keyPrefix: randomUUID(),
      callers: 200,
      processes: 16,
      lease: 1,
      seconds: 5,
      atLeast: 1_500,
      ...rule,
    });
    const most = rule.limit + rule.burst;
    // A window is open at its end: a start that is exactly one interval old has left.
    expect(worstWindow(run.stamps, rule.intervalMs)).toBeLessThanOrEqual(most);
    expect(run.stamps.length).toBeGreaterThan(2 * most);
    // What arrives is what was dated, later by as much as the machine holds a process up: how fast it is, `bench` says.
    const guardMs = Math.max(50, run.stallMs);
    expect(worstWindow(run.arrivals, Math.max(0, rule.intervalMs - guardMs))).toBeLessThanOrEqual(most);
    expect(run.members.flatMap((member) => Object.keys(member.errors))).toEqual([]);
    expect(run.members.map((member) => member.unhandled)).toEqual(Array(16).fill(0));
  });

  test("gives a tenant with ten times the callers in a process of its own no more than its turn", async () => {
    const run = await runFleet({
      url: redis.url,
      keyPrefix: randomUUID(),
      processes: 4,
      callers: 8,
      lease: 1,
      seconds: 3,
      atLeast: 400,
      limit: 40,
      burst: 0,
      intervalMs: 200,
      each: [
        { tenant: "loud", callers: 80 },
        ...["first", "second", "third"].map((tenant) => ({ tenant, callers: 8 })),
      ],
    });
    const all = run.members.reduce((sum, { started }) => sum + started, 0);
    const shares = run.members.map(({ started }) => started / all);
    // Processes that wait take turns: a quarter each. What a busy machine does not run misses some of its turns.
    expect(shares[0]).toBeLessThan(0.4);
    for (const share of shares.slice(1)) expect(share).toBeGreaterThan(0.12);
    expect(run.members.map(({ unhandled }) => unhandled)).toEqual([0, 0, 0, 0]);
  });

  async function callers(
    processes: number,
    each: number,
    token: Handler,
    tokens: ReturnType<typeof tokenEndpoint>,
  ) {
    const server = await startServer({ "POST /token": token, "GET /x": tokens.protect(json(1)) });
    const task = {
      url: redis.url,
      keyPrefix: randomUUID(),
      origin: server.origin,
      host: server.host,
      ir: await irOf(yaml),
      callers: each,
    };
    const members = startMembers("credential-member.mts", Array<typeof task>(processes).fill(task));
    await Promise.all(members.map(({ next }) => next()));
    return { server, members };
  }

  const finish = async ({ next }: Member): Promise<unknown> => JSON.parse(await next());

  test("of 8 processes with 1,000 callers makes one token request", async () => {
    const tokens = tokenEndpoint({ delayMs: 200 });
    const { server, members } = await callers(8, 125, tokens.handler, tokens);
    for (const { child } of members) child.stdin?.write("go\n");
    const outcomes = await Promise.all(members.map(finish));
    expect(outcomes).toEqual(Array(8).fill({ answered: 125, failed: [] }));
    expect(server.times("/token")).toBe(1);
    await server.close();
  });

  test("takes over within 10 s from a process that was killed while it renewed", async () => {
    const tokens = tokenEndpoint({});
    let asked = 0;
    let takenOver = Number.POSITIVE_INFINITY;
    const first: Handler = async (request, ...rest) => {
      asked++;
      if (asked === 2) takenOver = performance.now();
      // The first holder never has its answer.
      if (asked === 1) await new Promise((resolve) => setTimeout(resolve, 60_000).unref());
      return tokens.handler(request, ...rest);
    };
    const { server, members } = await callers(3, 20, first, tokens);
    const [holder, ...others] = members;
    holder?.child.stdin?.write("go\n");
    await vi.waitUntil(() => asked === 1, { timeout: 30_000 });
    for (const { child } of others) child.stdin?.write("go\n");
    const since = performance.now();
    holder?.child.kill("SIGKILL");
    const outcomes = await Promise.all(others.map(finish));
    expect(outcomes).toEqual(Array(2).fill({ answered: 20, failed: [] }));
    expect(asked).toBe(2);
    // The lease (9 s at most), and the next look of those who wait.
    expect(takenOver - since).toBeLessThan(10_000);
    await server.close();
  });
});
