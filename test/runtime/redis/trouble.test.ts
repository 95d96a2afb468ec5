/** What an operator may do to a Redis that is there: fill it, block it, forget its scripts, set its clock back, take rights away. */
import { randomUUID } from "node:crypto";
import { Redis } from "ioredis";
import { afterEach, describe, expect, test, vi } from "vitest";
import { ConnectorError } from "../../../runtime/index.ts";
import type { LimitObject, StateKey } from "../../../runtime/ports.ts";
import { createRedisState, type RedisState } from "../../../runtime/redis/index.ts";
import { createFakeClock } from "../../../runtime/testing/index.ts";
import { hasRedis, type RedisServer, startRedis } from "../../support/redis-server.ts";
import { addUser, singleRights } from "./rights.ts";
import { startsOf } from "./support.ts";

const limit = (fields: Partial<LimitObject> = {}): LimitObject => ({
  key: { tenant: "t", kind: "limit", id: "l" },
  limit: 10,
  intervalMs: 600_000,
  burst: 0,
  smooth: false,
  ...fields,
});
const secret: StateKey = { tenant: "t", kind: "secret", id: "s" };
const soon = { timeout: 30_000, interval: 5 };

describe.skipIf(!hasRedis())("a Redis in trouble", () => {
  const closing: (() => Promise<void> | void)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  async function scene(
    extra: readonly string[] = [],
    options: object = {},
  ): Promise<{ readonly server: RedisServer; readonly root: Redis; readonly state: RedisState }> {
    const server = await startRedis(extra);
    closing.push(() => server.stop());
    const root = new Redis(server.port);
    closing.push(() => root.disconnect());
    return { server, root, state: await join(server.url, options) };
  }

  async function join(url: string, options: object = {}): Promise<RedisState> {
    const state = await createRedisState({ url, keyPrefix: "connectorc:trouble", ...options });
    closing.push(() => state.close());
    return state;
  }

  /** Scripts that the server has been asked to run, with those that failed. */
  async function asked(root: Redis): Promise<number> {
    const stats = await root.info("commandstats");
    return [...stats.matchAll(/cmdstat_eval(?:sha)?:calls=(\d+)/g)].reduce(
      (sum, [, one]) => sum + Number(one),
      0,
    );
  }

  test("without memory is as good as gone, and stays so until there is some", async () => {
    const { root, state } = await scene();
    await state.admit([limit()], 1);
    await root.config("SET", "maxmemory", "1");
    expect(await startsOf(state, [limit()])).toBe(9);
    expect(state.health()).toMatchObject({ up: false, changes: 1 });
    // Its probes are no better off: what they write takes memory as well.
    const before = await asked(root);
    await vi.waitUntil(async () => (await asked(root)) >= before + 3, soon);
    expect(state.health()).toMatchObject({ up: false, changes: 1 });
    await root.config("SET", "maxmemory", "0");
    await vi.waitUntil(() => state.health().up, soon);
    expect(await startsOf(state, [limit()])).toBe(0);
  });

  test("that runs a script of another without an end holds nobody up, and is back when that is stopped", async () => {
    const { server, root, state } = await scene(["--lua-time-limit", "5"]);
    const other = new Redis(server.port);
    closing.push(() => other.disconnect());
    const endless = other.eval("while true do end", 0).catch(() => undefined);
    await vi.waitUntil(async () => (await state.admit([limit()], 1)).admitted && !state.health().up, soon);
    await root.call("SCRIPT", "KILL");
    await endless;
    await vi.waitUntil(() => state.health().up, soon);
    // What was started meanwhile is told.
    expect(await startsOf(state, [limit()])).toBeLessThan(10);
  });

  test("that has forgotten its scripts is told them again", async () => {
    const { root, state } = await scene([], { clock: createFakeClock() });
    await state.admit([limit()], 1);
    await root.script("FLUSH");
    expect(await startsOf(state, [limit()])).toBe(9);
    const fence = await state.compareAndSet(secret, 0, new Uint8Array([7]), undefined);
    await root.script("FLUSH");
    expect(await state.getSecret(secret)).toMatchObject({ fence, value: new Uint8Array([7]) });
    expect(state.health()).toMatchObject({ up: true, changes: 0 });
  });

  test("whose clock is set back by an hour gives nothing early, and nothing an hour late", async () => {
    const { server } = await scene();
    const [before, after] = [createFakeClock(7_200_000), createFakeClock(3_600_000)];
    const keyPrefix = `connectorc:${randomUUID()}`;
    const options = { keyPrefix, time: "clock" } as const;
    const first = await join(server.url, { ...options, clock: before });
    const second = await join(server.url, { ...options, clock: after });
    expect(await startsOf(first, [limit()])).toBe(10);
    const answer = await second.admit([limit()], 1);
    expect(answer.admitted).toBe(false);
    expect(answer.admitted || answer.at - after.now()).toBe(600_000);
  });

  test("whose user may not publish keeps secrets all the same, and who waits finds them by looking", async () => {
    const { server, root } = await scene();
    await addUser(root, "password", singleRights);
    await root.call("ACL", "SETUSER", "app", "resetchannels", "-@pubsub");
    const url = server.url.replace("//", "//app:password@");
    const [first, second] = [await join(url), await join(url)];
    let told = 0;
    const stop = second.subscribe(secret, () => told++);
    const fence = await first.compareAndSet(secret, 0, new Uint8Array([1]), undefined);
    expect(await second.getSecret(secret)).toMatchObject({ fence });
    await first.compareAndSet(secret, fence ?? 0, new Uint8Array([2]), undefined);
    await vi.waitUntil(() => told > 0, soon);
    stop();
  });

  test("whose user lacks a right says so to each who asks, and is not left for it", async () => {
    const { server, root } = await scene();
    await addUser(root, "password", [...singleRights, "-hset"]);
    // By its clock no answer is late, however busy the machine is.
    const state = await join(server.url.replace("//", "//app:password@"), { clock: createFakeClock() });
    expect((await state.admit([limit()], 1)).admitted).toBe(true);
    const write = Promise.resolve(state.compareAndSet(secret, 0, new Uint8Array([1]), undefined));
    const refusal = await write.catch((error: unknown) => error);
    expect(ConnectorError.is(refusal) && [refusal.code, refusal.retryable]).toEqual(["configuration", false]);
    expect(state.health()).toMatchObject({ up: true, changes: 0 });
  });

  test("whose user may run no script is left, and says by one word why", async () => {
    const { server, root } = await scene();
    await addUser(root, "password", [...singleRights, "-eval", "-evalsha"]);
    const reasons: unknown[] = [];
    const note = ({ reason }: { readonly reason?: unknown }): void => void reasons.push(reason);
    const logger = { debug: note, info: note, warn: note, error: note };
    const state = await join(server.url.replace("//", "//app:password@"), { logger });
    expect(await startsOf(state, [limit()])).toBe(10);
    expect(state.health()).toMatchObject({ up: false, changes: 1 });
    expect(reasons).toEqual(["NOPERM"]);
  });
});
