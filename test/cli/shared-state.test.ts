/** Commands of several machines that share a state: limits and logins, with `--state` and with `CONNECTOR_STATE`. */
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort, hasRedis, type RedisServer, startRedis } from "../support/redis-server.ts";
import { canary, type Desk, desk, startDesk } from "./auth-support.ts";

const limited = `${desk}rate_limits: [{ limit: 2, interval_seconds: 3600, scope: per_connection }]\n`;

describe.skipIf(!hasRedis())("a command with a shared state", () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  /** Another machine: the same key, and no file of this one. */
  const machine = (of: Desk, more: Readonly<Record<string, string>> = {}) => ({
    env: { ...of.env, CONNECTOR_STORE: `store-${randomUUID()}/secrets.json`, ...more },
  });
  const call = ["call", "desk.yaml", "me", "--connection", "desk.connection.yaml"];
  const status = [
    "auth",
    "status",
    "desk.yaml",
    "--connection",
    "desk.connection.yaml",
    "--profile",
    "oauth",
  ];

  test("signs in for all machines, keeps no login in a file, and signs out for all", async () => {
    const it = await startDesk({ life: 3_600 });
    const state = ["--state", redis.url];
    expect(await it.login(["--yes", "--no-browser", ...state])).toMatchObject({ code: 0 });
    expect(existsSync(join(it.cwd, it.env.CONNECTOR_STORE ?? ""))).toBe(false);
    const root = new Redis(redis.url);
    const kept = await Promise.all((await root.keys("*:v")).map((name) => root.hgetall(name)));
    root.disconnect();
    expect(kept.length).toBe(1);
    for (const secret of Object.values(canary)) expect(JSON.stringify(kept)).not.toContain(secret);

    const there = machine(it);
    expect(await it.run([...call, ...state], there)).toMatchObject({ code: 0, stderr: "" });
    // The environment names it as well, and a flag wins over the environment.
    expect(await it.run(call, machine(it, { CONNECTOR_STATE: redis.url }))).toMatchObject({ code: 0 });
    const wrong = machine(it, { CONNECTOR_STATE: `redis://127.0.0.1:${await freePort()}` });
    expect(await it.run([...call, ...state], wrong)).toMatchObject({ code: 0 });
    expect(await it.run([...status, ...state], there)).toMatchObject({ code: 0 });
    // Without the state nobody is signed in.
    expect(await it.run(status, there)).toMatchObject({ code: 1 });

    const logout = ["auth", "logout", "desk.yaml", "--connection", "desk.connection.yaml", ...state];
    expect((await it.run(logout, there)).stdout).toContain("Deleted for profile oauth of desk: the login");
    expect(await it.run([...status, ...state])).toMatchObject({ code: 1 });
  });

  test("counts what other commands have started", async () => {
    const it = await startDesk({ life: 3_600, descriptor: limited });
    const shared = machine(it, { CONNECTOR_STATE: redis.url });
    const key = ["call", "desk.yaml", "me", "--connection", "key.connection.yaml"];
    await it.login(["--yes", "--no-browser"], shared);
    for (let count = 0; count < 2; count++) expect(await it.run(call, shared)).toMatchObject({ code: 0 });
    const third = await it.run(call, shared);
    expect(third.code).toBe(1);
    expect(third.stderr).toContain("rate_limited");
    // Another connection has a limit of its own, and a command without the state knows of no other.
    expect((await it.run(key, shared)).stderr).not.toContain("rate_limited");
  });

  test("asks for the key that all who share it have, and prints no password of the address", async () => {
    const it = await startDesk();
    const { CONNECTOR_SECRETS_KEY: _, ...keyless } = it.env;
    const address = redis.url.replace("//", "//user:canary-password@");
    const ran = await it.run([...call, "--state", address], { env: keyless });
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain("a shared state needs a key that all who share it have");
    const unreadable = await it.run([...call, "--state", "redis//user:canary-password@host"]);
    expect(unreadable.code).toBe(2);
    expect(ran.stderr + unreadable.stderr).not.toContain("canary");
  });

  test("opens no browser for a login that could not be kept", async () => {
    const it = await startDesk();
    const state = `redis://127.0.0.1:${await freePort()}`;
    const ran = await it.login(["--yes", "--no-browser", "--state", state]);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain("The state store does not answer, and logins are kept in it.");
    expect(ran.stderr).not.toContain("/authorize");
    expect(it.spent).toEqual([]);
  });
});
