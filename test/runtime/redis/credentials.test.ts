/** Processes that share credentials in Redis: one token call, a holder that dies, and nothing to read for others. */
import { randomUUID } from "node:crypto";
import { createConnection } from "node:net";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import type { Connection } from "../../../runtime/index.ts";
import { createRuntime } from "../../../runtime/index.ts";
import { createRedisState, type RedisState } from "../../../runtime/redis/index.ts";
import { json, startServer, type TestServer, tokenEndpoint } from "../../../runtime/testing/index.ts";
import { descriptor, irOf } from "../../support/line.ts";
import { hasSomeRedis, type SomeRedis, someRedis } from "../../support/redis-server.ts";

const yaml = descriptor(
  "operations: [{ operation_id: op, summary: One, endpoint: /x, auth_type_ref: oauth2_client_credentials }]",
  '  - type: oauth2_client_credentials\n    oauth: { token_url: "{base_url}/token" }\nrate_limits:\n  - { limit: 10000, interval_seconds: 1, scope: per_account }',
);
const secret = "canary-client-secret";

describe.skipIf(!hasSomeRedis())("credentials in Redis", () => {
  let redis: SomeRedis;
  const closing: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    redis = await someRedis();
  });
  afterEach(async () => {
    for (const close of closing.reverse()) await close();
    closing.length = 0;
  });
  afterAll(() => redis.stop());

  async function fleet(
    size: number,
    delayMs: number,
  ): Promise<{
    readonly server: TestServer;
    readonly connections: Connection[];
    readonly states: RedisState[];
  }> {
    const tokens = tokenEndpoint({ delayMs, prefix: "canary-token" });
    const server = await startServer({
      "POST /token": tokens.handler,
      "GET /x": tokens.protect(json(1)),
    });
    closing.push(() => server.close());
    const ir = await irOf(yaml);
    const keyPrefix = randomUUID();
    const connections: Connection[] = [];
    const states: RedisState[] = [];
    for (let index = 0; index < size; index++) {
      const state = await createRedisState({ url: redis.url, keyPrefix });
      const runtime = createRuntime({
        state,
        secrets: { key: "a key that all processes know" },
        network: { allow: [server.host] },
      });
      closing.push(async () => {
        await runtime.close();
        await state.close();
      });
      states.push(state);
      const credentials = { client_id: "id", client_secret: secret };
      connections.push(runtime.connect(ir, { credentials, config: { base_url: server.origin } }));
    }
    return { server, connections, states };
  }

  test("cost one token call for 200 callers of four processes, and a message wakes those who wait", async () => {
    const { server, connections } = await fleet(4, 30);
    await Promise.all(
      connections.flatMap((connection) => Array.from({ length: 50 }, () => connection.call("op"))),
    );
    expect(server.times("/token")).toBe(1);
    expect(server.times("/x")).toBe(200);
  });

  test("lie in Redis sealed: neither what is sent to it nor what is in it can be read", async () => {
    const watcher = new Redis(redis.port);
    onTestFinished(() => watcher.disconnect());
    const seen = await monitored(redis.port);
    const { connections } = await fleet(2, 0);
    for (const connection of connections) await connection.call("op");
    await vi.waitUntil(() => seen().includes("evalsha"));
    const stored: string[] = [];
    for (const key of await watcher.keys("*")) {
      stored.push(key);
      const kind = await watcher.type(key);
      if (kind === "string") stored.push(String(await watcher.get(key)));
      if (kind === "hash") stored.push(JSON.stringify(await watcher.hgetall(key)));
      if (kind === "list") stored.push((await watcher.lrange(key, 0, -1)).join(" "));
      if (kind === "zset") stored.push((await watcher.zrange(key, "0", "-1")).join(" "));
    }
    expect(stored.length).toBeGreaterThan(4);
    const all = [seen(), ...stored].join("\n");
    const forms = [secret, "canary-token-1", "canary-token"].flatMap((text) => [
      text,
      Buffer.from(text).toString("base64").replace(/=+$/, ""),
      Buffer.from(text).toString("hex"),
    ]);
    for (const form of forms) expect(all).not.toContain(form);
  });
});

/** What is sent to the server from now on, as `MONITOR` tells it. */
async function monitored(port: number): Promise<() => string> {
  const socket = createConnection({ host: "127.0.0.1", port });
  onTestFinished(() => void socket.destroy());
  let text = "";
  socket.setEncoding("latin1").on("data", (chunk: string) => {
    text += chunk;
  });
  socket.write("MONITOR\r\n");
  await vi.waitUntil(() => text.startsWith("+OK"));
  return () => text;
}
