import { execPath } from "node:process";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { type Connection, createRuntime } from "../../../runtime/index.ts";
import { createFakeClock } from "../../../runtime/testing/index.ts";
import { irOf } from "../../support/line.ts";
import { connected, shop } from "./support.ts";

const child = fileURLToPath(new URL("stdio-child.mjs", import.meta.url));
const local = shop("mcp_upstream: { type: stdio, server: desk }");

/** Connects anew where it is asked to. */
async function runtimeFor(kind: string, env: Record<string, string> = {}) {
  const ir = await irOf(local);
  const clock = createFakeClock();
  const runtime = createRuntime({ clock });
  onTestFinished(() => runtime.close());
  const connect = (tenant = "default") =>
    runtime.connect(ir, { mcpServers: commandOf(kind, env), identity: { tenant } });
  return { runtime, connect, clock };
}

async function said(connection: Connection, shop: string): Promise<unknown> {
  return (await connection.call("list_orders", { shop })).data;
}

async function pidOf(connection: Connection): Promise<number> {
  return ((await said(connection, "pid")) as [number])[0];
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const commandOf = (kind: string, env: Record<string, string> = {}) => ({
  desk: { command: execPath, args: [child, kind], env },
});

describe.each(["modern", "legacy"])("a %s server that the host starts", (kind) => {
  test("answers calls, many at a time, by one process", async () => {
    const connection = await connected(local, { connect: { mcpServers: commandOf(kind) } });
    const shops = Array.from({ length: 20 }, (_, at) => `shop ${at}`);
    const answers = await Promise.all(shops.map((name) => connection.call("list_orders", { shop: name })));
    expect(answers.map(({ data }) => data)).toEqual(
      shops.map((name) => ({ orders: [{ id: 1, shop: name, limit: null }] })),
    );
    expect((await connection.call("count", { text: "abc" })).data).toEqual([3, "12345678901234567890"]);
    const pids = await Promise.all([1, 2].map(() => connection.call("list_orders", { shop: "pid" })));
    expect(pids[0]?.data).toEqual(pids[1]?.data);
  });

  test("is started again, and greeted again, after it ended", async () => {
    const connection = await connected(local, { connect: { mcpServers: commandOf(kind) } });
    const before = await connection.call("list_orders", { shop: "pid" });
    expect(await connection.attempt("create_order", {})).toMatchObject({ ok: false });
    expect(await connection.attempt("create_order", { shop: "exit" })).toMatchObject({
      ok: false,
      error: { code: "network_error", message: expect.stringContaining("it ended (exit code 3)") },
    });
    const after = await connection.call("list_orders", { shop: "pid" });
    expect(after.data).not.toEqual(before.data);
  });

  test("sees the environment that the host gives, and nothing of the host's own", async () => {
    process.env.CONNECTOR_TEST_HIDDEN = "canary";
    const mcpServers = commandOf(kind, { SHOP_TOKEN: "t0p-secret-canary" });
    const connection = await connected(local, { connect: { mcpServers } });
    const { data } = await connection.call("list_orders", { shop: "env" });
    delete process.env.CONNECTOR_TEST_HIDDEN;
    expect(data).toContain("SHOP_TOKEN");
    expect(data).not.toContain("CONNECTOR_TEST_HIDDEN");
  });

  test("does not keep a call that is given up", async () => {
    const connection = await connected(local, { connect: { mcpServers: commandOf(kind) } });
    await connection.call("count");
    const abort = new AbortController();
    const hanging = connection.attempt("list_orders", { shop: "hang" }, { signal: abort.signal });
    setTimeout(() => abort.abort(), 20);
    expect(await hanging).toMatchObject({ ok: false, error: { code: "aborted" } });
    expect((await connection.call("count")).data).toEqual([0, "12345678901234567890"]);
    expect(await said(connection, "heard")).toEqual([{ lists: 1, cancelled: 1 }]);
  });

  test("is one process of an account that connects for every call, and asked anew what it offers", async () => {
    const { connect, clock } = await runtimeFor(kind);
    const pids = new Set<number>();
    for (let turn = 0; turn < 5; turn++) pids.add(await pidOf(connect()));
    expect(pids.size).toBe(1);
    expect(await pidOf(connect("another"))).not.toBe([...pids][0]);
    expect(await said(connect(), "heard")).toEqual([{ lists: 1, cancelled: 0 }]);
    await clock.advance(290_000);
    await said(connect(), "pid");
    await clock.advance(10_000);
    expect(await said(connect(), "heard")).toEqual([{ lists: 2, cancelled: 0 }]);
    await said(connect(), "announce");
    expect(await said(connect(), "heard")).toEqual([{ lists: 3, cancelled: 0 }]);
  });

  test("ends when nobody called it for five minutes, and is started again for the next call", async () => {
    const { connect, clock } = await runtimeFor(kind);
    const connection = connect();
    const before = await pidOf(connection);
    await clock.advance(299_999);
    expect(isAlive(before)).toBe(true);
    await clock.advance(1);
    await vi.waitFor(() => expect(isAlive(before)).toBe(false));
    expect(await pidOf(connection)).not.toBe(before);
  });
});

test("what a process writes to its standard error is told to the host by lines, within bounds, and to no caller", async () => {
  const heard: string[] = [];
  const { desk } = commandOf("modern");
  const mcpServers = { desk: { ...desk, stderr: (line: string) => void heard.push(line) } };
  const connection = await connected(local, { connect: { mcpServers } });
  const { data } = await connection.call("list_orders", { shop: "complain" });
  await vi.waitFor(() => expect(heard).toContain("three"));
  expect(heard).toEqual(["one", "… a line of more than 8192 bytes is left out", "three"]);
  expect(data).toEqual([]);
  await connection.call("list_orders", { shop: "flood" });
  await vi.waitFor(() => expect(heard.at(-1)).toBe("… what follows is left out: it wrote 1048576 bytes"));
  expect(heard.join("").length).toBeLessThan(1_200_000);
  expect((await connection.call("count")).data).toEqual([0, "12345678901234567890"]);
});

test("a process that ends neither with its input nor when it is asked to is killed, and `close` waits for that", async () => {
  const { runtime, connect, clock } = await runtimeFor("legacy", { STUCK: "1" });
  const pid = await pidOf(connect());
  let closed = false;
  const closing = runtime.close().then(() => {
    closed = true;
  });
  await vi.waitFor(() => expect(clock.pending()).toBe(2));
  await clock.advance(1_000);
  expect([closed, isAlive(pid)]).toEqual([false, true]);
  await clock.advance(1_000);
  await closing;
  expect(isAlive(pid)).toBe(false);
});

test("a process that was told to end because nobody called it is waited for as well", async () => {
  const { runtime, connect, clock } = await runtimeFor("legacy", { STUCK: "1" });
  const pid = await pidOf(connect());
  await clock.advance(300_000);
  const closing = runtime.close();
  await clock.advance(2_000);
  await closing;
  expect(isAlive(pid)).toBe(false);
});

test("a server that the host does not know is not started", async () => {
  await expect(connected(local, {})).rejects.toMatchObject({
    code: "configuration",
    message: expect.stringContaining("nothing says how it is started"),
  });
});

test("a command that does not run is told of without its arguments", async () => {
  const mcpServers = { desk: { command: "/nowhere/at-all", args: ["--token", "t0p-secret-canary"] } };
  const connection = await connected(local, { connect: { mcpServers } });
  const outcome = await connection.attempt("count");
  expect(outcome).toMatchObject({ ok: false, error: { code: "network_error" } });
  expect(JSON.stringify(outcome)).not.toMatch(/nowhere|canary/);
});
