/** What Redis gets to see of the secrets of five profiles, steps of a chain and refreshed tokens among them: its MONITOR and a dump of its database, byte by byte. */
import { readFileSync } from "node:fs";
import { createConnection } from "node:net";
import { join } from "node:path";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createRuntime } from "../../../runtime/index.ts";
import { createRedisState } from "../../../runtime/redis/index.ts";
import { json, type Reply, startServer } from "../../../runtime/testing/index.ts";
import { descriptor, irOf } from "../../support/line.ts";
import { hasRedis, type RedisServer, startRedis } from "../../support/redis-server.ts";

const canary = (what: string): string => `canary-${what}-3f/9~+"`;
const canaries = {
  key: canary("sealing-key"),
  redis: canary("redis-password"),
  clientSecret: canary("client-secret"),
  clientToken: canary("client-token"),
  refresh: canary("refresh"),
  rotated: canary("rotated"),
  access: canary("access"),
  apiKey: canary("api-key"),
  password: canary("password"),
  chainPassword: canary("chain-password"),
  stepOutput: canary("step-output"),
  lastOutput: canary("last-output"),
};

const yaml = descriptor(
  `operations:
  - { operation_id: op, summary: One, endpoint: /x, auth_type_ref: [client, code, key, basic] }
  - { operation_id: chained, summary: Two, endpoint: /x, auth_type_ref: chain, credential_field: last }
credential_chains:
  - chain_id: steps
    description: A token for a token
    initial_credentials_required: [chain_password]
    steps:
      - step_name: first
        endpoint: "{base_url}/first"
        method: GET
        headers: { password: "{chain_password}" }
        extract: { middle: "$.token" }
        ttl_seconds: 86400
      - step_name: second
        endpoint: "{base_url}/second"
        method: POST
        headers: { token: "{middle}" }
        extract: { last: "$.token", expires_in: "$.expires_in" }
    final_credential_name: last
rate_limits:
  - { limit: 1000, interval_seconds: 1, scope: per_token }
  - { limit: 1000, interval_seconds: 1, scope: per_account, max_concurrent: 10 }`,
  `  - { type: oauth2_client_credentials, profile_id: client, oauth: { token_url: "{base_url}/client" } }
  - type: oauth2_authorization_code
    profile_id: code
    oauth: { authorize_url: "{base_url}/authorize", token_url: "{base_url}/code" }
  - { type: bearer, profile_id: key, fields: [{ key: api_key, label: Key, secret: true }] }
  - { type: basic, profile_id: basic }
  - { type: api_key, profile_id: chain, description: By steps, credential_chain_id: steps }`,
);

describe.skipIf(!hasRedis())("Redis", () => {
  let server: RedisServer;
  let root: Redis;
  beforeAll(async () => {
    server = await startRedis(["--requirepass", canaries.redis, "--rdbcompression", "no"]);
    root = new Redis(server.port, { password: canaries.redis });
  });
  afterAll(async () => {
    root.disconnect();
    await server.stop();
  });

  test("is told no secret, and keeps none: neither what is sent to it nor a dump of it can be read", async () => {
    const seen = await monitored(server.port);
    await root.set("control", "canary-control");
    await callWithEach("dumped");
    await vi.waitUntil(() => /"evalsha"|"eval"/.test(seen()), { timeout: 30_000 });
    await root.save();
    const dump = readFileSync(join(server.folder, "dump.rdb")).toString("latin1");
    // Both are read to their end: a secret that is not hidden is found.
    expect([seen(), dump].map((text) => text.includes("canary-control"))).toEqual([true, true]);
    const all = seen() + dump;
    const found = Object.entries(canaries).flatMap(([name, secret]) =>
      formsOf(secret).flatMap((form) => (all.includes(form) ? [`${name} as ${form}`] : [])),
    );
    expect(found).toEqual([]);
    expect(all.replaceAll("canary-control", "")).not.toContain("canary");
  });

  test("keeps everything under its prefix, and nothing without an end but what has none", async () => {
    await callWithEach("secrecy");
    const names = (await root.keys("*")).filter((name) => !/^(?:control$|dumped:)/.test(name));
    expect(names.filter((name) => !name.startsWith("secrecy:{"))).toEqual([]);
    // The tokens of both OAuth profiles, what both steps gave, the limits of all, and the processes.
    expect(names.filter((name) => name.startsWith("secrecy:{s.") && name.endsWith(":v")).length).toBe(4);
    expect(names.filter((name) => name.startsWith("secrecy:{l.")).length).toBeGreaterThanOrEqual(4);
    const endless = [];
    for (const name of names) if ((await root.pttl(name)) < 0 && !name.endsWith(":v")) endless.push(name);
    expect(endless).toEqual([]);
  });

  async function callWithEach(keyPrefix: string): Promise<void> {
    const answer = (fields: object): Reply => json({ token_type: "bearer", expires_in: 3_600, ...fields });
    const api = await startServer({
      "POST /client": answer({ access_token: canaries.clientToken }),
      "POST /code": answer({ access_token: canaries.access, refresh_token: canaries.rotated }),
      "GET /first": json({ token: canaries.stepOutput }),
      "POST /second": json({ token: canaries.lastOutput, expires_in: 3_600 }),
      "GET /x": json(1),
    });
    const login = `:${encodeURIComponent(canaries.redis)}@`;
    const url = server.url.replace("//", `//${login}`);
    const state = await createRedisState({ url, keyPrefix });
    expect(state.health().up).toBe(true);
    const runtime = createRuntime({
      state,
      secrets: { key: canaries.key },
      network: { allow: [api.host] },
    });
    const ir = await irOf(yaml);
    const credentials = {
      client: { client_id: "id", client_secret: canaries.clientSecret },
      code: { client_id: "id", client_secret: canaries.clientSecret, refresh_token: canaries.refresh },
      key: { api_key: canaries.apiKey },
      basic: { username: "ada", password: canaries.password },
      chain: { chain_password: canaries.chainPassword },
    };
    for (const [profile, fields] of Object.entries(credentials)) {
      const config = { base_url: api.origin };
      const connection = runtime.connect(ir, { profile, credentials: fields, config });
      await connection.call(profile === "chain" ? "chained" : "op");
    }
    await runtime.close();
    await state.close();
    await api.close();
  }
});

/** A secret as a careless hand may write it: raw, escaped, in base64, base64url, hex, percent, form, as a Basic pair. */
function formsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  const pair = Buffer.from(`ada:${secret}`);
  return [
    bytes.toString("latin1"),
    JSON.stringify(secret).slice(1, -1),
    Buffer.from(JSON.stringify(secret).slice(1, -1)).toString("latin1"),
    ...[bytes, pair].flatMap((text) => [
      text.toString("base64").slice(0, -3),
      text.toString("base64url").slice(0, -2),
    ]),
    bytes.toString("hex"),
    encodeURIComponent(secret),
    new URLSearchParams({ a: secret }).toString().slice(2),
  ];
}

/** What is sent to the server from now on, as `MONITOR` tells it. */
async function monitored(port: number): Promise<() => string> {
  const socket = createConnection({ host: "127.0.0.1", port });
  let text = "";
  socket.setEncoding("latin1").on("data", (chunk: string) => {
    text += chunk;
  });
  socket.on("error", () => undefined).unref();
  const quoted = canaries.redis.replace(/"/g, '\\"');
  socket.write(`AUTH "${quoted}"\r\nMONITOR\r\n`);
  await vi.waitUntil(() => text.startsWith("+OK\r\n+OK"), { timeout: 30_000 });
  return () => text;
}
