/** A master that dies, a replica that Sentinel puts in its place, and clients that find it by themselves. */
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { LimitObject, StateKey } from "../../../runtime/ports.ts";
import { createRedisState, type RedisState } from "../../../runtime/redis/index.ts";
import { createCertificate } from "../../../runtime/testing/index.ts";
import { hasRedis, hasRedisTls, type RedisServer, startRedis } from "../../support/redis-server.ts";
import { startsOf } from "./support.ts";

const limit = (fields: Partial<LimitObject> = {}): LimitObject => ({
  key: { tenant: "t", kind: "limit", id: "l" },
  limit: 20,
  intervalMs: 600_000,
  burst: 0,
  smooth: false,
  ...fields,
});
const secret: StateKey = { tenant: "t", kind: "secret", id: "s" };

describe.skipIf(!hasRedis())("a failover by Sentinel, over TLS where the server has it", () => {
  const tls = hasRedisTls() ? createCertificate() : undefined;
  const inTls = tls === undefined ? [] : ["--tls-replication", "yes"];
  const servers: RedisServer[] = [];
  const states: RedisState[] = [];
  let master: RedisServer;
  let url = "";

  async function serve(extra: readonly string[], sentinel?: string): Promise<RedisServer> {
    const authority = sentinel === undefined ? [...inTls, ...extra] : extra;
    const server = await startRedis(authority, {
      ...(tls === undefined ? {} : { tls }),
      ...(sentinel === undefined ? {} : { sentinel }),
    });
    servers.push(server);
    return server;
  }

  async function join(): Promise<RedisState> {
    const state = await createRedisState({ url, ...(tls === undefined ? {} : { ca: tls.cert }) });
    states.push(state);
    expect(state.health().up).toBe(true);
    return state;
  }

  beforeAll(async () => {
    master = await serve(["--repl-diskless-sync-delay", "0"]);
    const replica = await serve(["--replicaof", "127.0.0.1", String(master.port)]);
    const watcher = await serve(
      [],
      [
        `sentinel monitor main 127.0.0.1 ${master.port} 1`,
        "sentinel down-after-milliseconds main 300",
        "sentinel failover-timeout main 3000",
        ...(tls === undefined ? [] : ["tls-replication yes"]),
      ].join("\n"),
    );
    url = `${tls === undefined ? "redis" : "rediss"}+sentinel://127.0.0.1:${watcher.port}/main`;
    const options = tls === undefined ? {} : { tls: { ca: tls.cert } };
    const [sentinel, copy] = [watcher, replica].map(({ port }) => new Redis(port, "127.0.0.1", options));
    const soon = { timeout: 60_000, interval: 50 };
    await vi.waitUntil(
      async () => String(await sentinel?.call("SENTINEL", "REPLICAS", "main")).includes(`${replica.port}`),
      soon,
    );
    await vi.waitUntil(
      async () => (await copy?.info("replication"))?.includes("master_link_status:up"),
      soon,
    );
    sentinel?.disconnect();
    copy?.disconnect();
  });
  afterAll(async () => {
    for (const state of states) await state.close();
    for (const server of servers.reverse()) await server.stop();
  });

  async function writes(state: RedisState, id: string): Promise<boolean> {
    try {
      await state.compareAndSet({ ...secret, id }, 0, new Uint8Array([0]), undefined);
      return true;
    } catch {
      return false;
    }
  }

  test("keeps what was replicated, and what the processes know of", async () => {
    const [first, second] = [await join(), await join()];
    await vi.waitUntil(() => first.health().processes === 2, { timeout: 20_000 });
    for (let count = 0; count < 4; count++) await first.admit([limit()], 1);
    for (let count = 0; count < 5; count++) await second.admit([limit()], 1);
    const fence = await first.compareAndSet(secret, 0, new Uint8Array([1]), undefined);
    const root = new Redis(master.port, "127.0.0.1", tls === undefined ? {} : { tls: { ca: tls.cert } });
    expect(await root.wait(1, 10_000)).toBe(1);
    root.disconnect();
    await master.kill();
    // Alone each has its share of ten, and what it has started before is part of that.
    expect(await startsOf(first, [limit()])).toBe(6);
    expect(first.health().up).toBe(false);
    // Each finds the new master by itself, and until then falls back on its share.
    for (const [index, state] of [first, second].entries())
      await vi.waitUntil(() => writes(state, `probe ${index}`), { timeout: 60_000, interval: 50 });
    await vi.waitUntil(() => states.every((state) => state.health().up), { timeout: 60_000, interval: 20 });
    // The first question tells the new master of the six, beside what the old one has passed on.
    expect(await startsOf(first, [limit()])).toBe(20 - 4 - 5 - 6);
    expect(await startsOf(second, [limit()])).toBe(0);
    expect((await second.getSecret(secret))?.fence).toBe(fence);
    expect(await second.compareAndSet(secret, fence ?? 0, new Uint8Array([2]), undefined)).toBeGreaterThan(
      fence ?? 0,
    );
    expect(first.health().changes).toBeGreaterThanOrEqual(2);
  });
});
