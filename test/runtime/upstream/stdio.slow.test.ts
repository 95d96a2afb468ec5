import { execPath } from "node:process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { connected, shop } from "./support.ts";

const child = fileURLToPath(new URL("stdio-child.mjs", import.meta.url));
const local = shop("mcp_upstream: { type: stdio, server: desk }");

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
  });
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
