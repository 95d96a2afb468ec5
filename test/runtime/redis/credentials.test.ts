/** Processes that share credentials in Redis: one token call for all of them. */
import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
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
});
