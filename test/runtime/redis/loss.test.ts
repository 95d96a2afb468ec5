/** What limits do when Redis is gone, hangs, forgets or takes no writes; real servers, real time, waits on conditions. */
import { randomUUID } from "node:crypto";
import { Redis } from "ioredis";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { ConnectorError } from "../../../runtime/index.ts";
import type { Admission, LimitObject, Logger, StateKey } from "../../../runtime/ports.ts";
import { createRedisState, type RedisState } from "../../../runtime/redis/index.ts";
import { hasRedis, type RedisServer, startRedis } from "../../support/redis-server.ts";
import { startsOf } from "./support.ts";

const limit = (fields: Partial<LimitObject> = {}): LimitObject => ({
  key: { tenant: "t", kind: "limit", id: "l" },
  limit: 10,
  intervalMs: 600_000,
  burst: 0,
  smooth: false,
  ...fields,
});

const open = new Set<() => Promise<void>>();

async function redis(): Promise<RedisServer> {
  const server = await startRedis();
  open.add(() => server.stop());
  return server;
}

async function stateOn(
  server: RedisServer,
  options: { readonly processes?: number; readonly logger?: Logger } = {},
): Promise<RedisState> {
  const state = await createRedisState({ url: server.url, keyPrefix: "loss", ...options });
  open.add(async () => state.close());
  await vi.waitUntil(() => state.health().up, { timeout: 30_000 });
  return state;
}

function logged(): { readonly logger: Logger; readonly lines: string[] } {
  const lines: string[] = [];
  const note = (_: object, message: string): void => void lines.push(message);
  return { logger: { debug: note, info: note, warn: note, error: note }, lines };
}

describe.skipIf(!hasRedis())("when Redis fails", () => {
  afterEach(async () => {
    for (const close of [...open].reverse()) await close();
    open.clear();
  });

  test("each process goes on with its share, and recovers by itself with what it started meanwhile", async () => {
    const server = await redis();
    const { logger, lines } = logged();
    const other = await stateOn(server);
    const state = await stateOn(server, { logger });
    await server.kill();
    expect(await startsOf(state, [limit()])).toBe(5);
    expect(state.health()).toMatchObject({ up: false, processes: 2 });
    await server.start();
    await vi.waitUntil(() => state.health().up && other.health().up, { timeout: 20_000 });
    // The restarted server is empty: this process tells it of its five.
    expect(await startsOf(state, [limit()])).toBe(5);
    expect(await startsOf(other, [limit()])).toBe(0);
    expect(lines).toEqual([
      "The state store is gone: limits are kept by each process alone until it is back.",
      "The state store is back.",
    ]);
  });

  test("what a process has started and runs before the loss is part of its share", async () => {
    const server = await redis();
    await stateOn(server);
    const state = await stateOn(server);
    const bursting = limit({ burst: 4 });
    const narrow = limit({ key: { tenant: "t", kind: "limit", id: "narrow" }, limit: 100, maxConcurrent: 4 });
    for (let count = 0; count < 3; count++) await state.admit([bursting], 1);
    await state.admit([narrow], 1);
    await server.kill();
    // Of its five it has started three, and of two that may run one runs; the burst is nobody's.
    expect(await startsOf(state, [bursting])).toBe(2);
    expect(await startsOf(state, [narrow])).toBe(1);
    await state.release([narrow]);
    expect(await startsOf(state, [narrow])).toBe(1);
  });

  test("a server that has restarted empty is told what was started before the loss, too", async () => {
    const server = await redis();
    const [other, state] = [await stateOn(server), await stateOn(server)];
    for (let count = 0; count < 3; count++) await state.admit([limit()], 1);
    await server.kill();
    expect(await startsOf(state, [limit()])).toBe(2);
    await server.start();
    await vi.waitUntil(() => state.health().up && other.health().up, { timeout: 20_000 });
    // Its first question tells of the two, hears of a new record, and the second tells of the three.
    expect((await state.admit([limit()], 1)).admitted).toBe(true);
    expect((await state.admit([limit()], 1)).admitted).toBe(true);
    expect(await startsOf(other, [limit()])).toBe(3);
  });

  test("a limit that is declared closed sends nothing, and says so", async () => {
    const server = await redis();
    const state = await stateOn(server);
    await server.kill();
    const refusal = await Promise.resolve()
      .then(() => state.admit([limit({ onStateLoss: "closed" })], 1))
      .then(
        () => undefined,
        (error: unknown) => error,
      );
    expect(ConnectorError.is(refusal) && refusal.code).toBe("state_unavailable");
  });

  test("a store that forgets is told again by each process what it has started", async () => {
    const server = await redis();
    const [first, second] = [await stateOn(server), await stateOn(server)];
    for (let count = 0; count < 3; count++) await first.admit([limit()], 1);
    for (let count = 0; count < 4; count++) await second.admit([limit()], 1);
    const client = new Redis(server.port);
    onTestFinished(() => client.disconnect());
    await client.flushall();
    expect((await second.admit([limit()], 1)).admitted).toBe(true);
    expect((await first.admit([limit()], 1)).admitted).toBe(true);
    expect(await startsOf(second, [limit()])).toBe(1);
  });

  test("a limit that is declared closed waits a whole interval after the store has forgotten", async () => {
    const server = await redis();
    const state = await stateOn(server);
    const closed = limit({ onStateLoss: "closed" });
    await state.admit([closed], 1);
    const client = new Redis(server.port);
    onTestFinished(() => client.disconnect());
    await client.flushall();
    const answer = await state.admit([closed], 1);
    expect(answer.admitted).toBe(false);
    expect((answer as Admission & { admitted: false }).at - performance.now()).toBeGreaterThan(500_000);
  });

  test("a store that hangs is left long before its connection is given up", async () => {
    const server = await redis();
    const state = await stateOn(server);
    const client = new Redis(server.port);
    onTestFinished(() => client.disconnect());
    await client.call("CLIENT", "PAUSE", "1000000", "ALL");
    // Without a limit of its own the question would be answered when the pause is over, or the connection given up.
    const since = performance.now();
    while (!(await state.admit([limit()], 1)).admitted);
    expect(performance.now() - since).toBeLessThan(1_800);
    expect(state.health().up).toBe(false);
  });

  test("a store that hangs holds nobody up, and one that takes no writes is as good as gone", async () => {
    const server = await redis();
    const state = await stateOn(server);
    const client = new Redis(server.port);
    onTestFinished(() => client.disconnect());
    await client.call("CLIENT", "PAUSE", "2000", "ALL");
    // Who is told to ask again has its answer; once Redis has said nothing for a while, the share is given.
    await vi.waitUntil(async () => (await state.admit([limit()], 1)).admitted, { timeout: 20_000 });
    expect(state.health().up).toBe(false);
    await vi.waitUntil(() => state.health().up, { timeout: 20_000 });
    await client.call("REPLICAOF", "127.0.0.1", "1");
    expect((await state.admit([limit()], 1)).admitted).toBe(true);
    expect(state.health().up).toBe(false);
    await client.call("REPLICAOF", "NO", "ONE");
    await vi.waitUntil(() => state.health().up, { timeout: 20_000 });
  });

  test("a key of ours that holds what another program has written is an error, and no reason to leave", async () => {
    const server = await redis();
    const { logger, lines } = logged();
    const state = await stateOn(server, { logger });
    const secret: StateKey = { tenant: "t", kind: "secret", id: "s" };
    await state.admit([limit()], 1);
    await state.compareAndSet(secret, 0, new Uint8Array([1]), undefined);
    const client = new Redis(server.port);
    onTestFinished(() => client.disconnect());
    for (const key of await client.keys("loss:*"))
      if (!key.includes("{fleet}")) await client.multi().del(key).sadd(key, "theirs").exec();
    const asks: readonly (() => unknown)[] = [() => state.admit([limit()], 1), () => state.getSecret(secret)];
    for (const ask of asks) {
      const refusal = await Promise.resolve()
        .then(ask)
        .then(
          () => undefined,
          (error: unknown) => error,
        );
      expect(ConnectorError.is(refusal) && [refusal.code, refusal.retryable]).toEqual([
        "configuration",
        false,
      ]);
    }
    for (const key of await client.keys("loss:*:m")) await client.set(key, "theirs");
    await expect(Promise.resolve().then(() => state.admit([limit()], 1))).rejects.toThrow(/`keyPrefix`/);
    expect(state.health()).toMatchObject({ up: true, changes: 0 });
    expect(lines).toEqual([]);
  });

  test("a process without Redis from the start works, and finds it when it comes", async () => {
    const server = await redis();
    await server.kill();
    const state = await createRedisState({ url: server.url, keyPrefix: randomUUID(), processes: 4 });
    open.add(async () => state.close());
    expect(await startsOf(state, [limit()])).toBe(2);
    await server.start();
    await vi.waitUntil(() => state.health().up, { timeout: 20_000 });
  });
});
