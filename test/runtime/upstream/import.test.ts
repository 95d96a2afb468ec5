import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folderWith, json, run } from "../../cli/support.ts";
import { irOf } from "../../support/line.ts";
import { hashOf, statelessServer } from "./support.ts";

test("`connector import mcp` writes a server's tools as operations, which `connector call` calls", async () => {
  const stage = await statelessServer();
  const cwd = await folderWith({});
  const network = ["--allow-network", stage.host];
  const ran = await run(["import", "mcp", stage.url, "--out", ".", ...network], { cwd });
  expect(ran).toMatchObject({ code: 0 });
  const path = "127-0-0-1/connector.yaml";
  const text = await readFile(join(cwd, path), "utf8");
  const ir = await irOf(text);
  expect(
    ir.operations.map(({ id, tool, side_effecting, destructive }) => [id, tool, side_effecting, destructive]),
  ).toEqual([
    ["orders_list", { name: "orders.list", hash: hashOf("orders.list") }, false, false],
    ["orders_create", { name: "orders.create", hash: hashOf("orders.create") }, true, true],
    ["count", { name: "count", hash: hashOf("count") }, false, false],
  ]);
  expect(ir.operations[0]).toMatchObject({
    summary: "List orders",
    parameters: [
      { name: "shop", location: "body", type: "string", required: true },
      {
        name: "limit",
        location: "body",
        type: "integer",
        required: false,
        schema: { type: "integer", minimum: 1 },
      },
    ],
    exchange: { response: { schema: { required: ["orders"] } } },
  });
  expect(ir.requires).toEqual(["mcp_upstream"]);
  const called = await run(["call", path, "orders_list", "--param", "shop=a", ...network], { cwd });
  expect(called.stderr).toBe("");
  expect(json(called)).toEqual({ orders: [{ id: 1, shop: "a", limit: null }] });
  expect(stage.seen.at(-1)?.headers["mcp-param-shop"]).toBe("a");

  for (const [target, reason] of [
    ["ts --mode standalone", "its operations are tools of an MCP server"],
    ["openapi", "is no HTTP API"],
  ] as const) {
    const built = await run(["build", path, "--target", ...target.split(" "), "--out", "dist"], { cwd });
    expect(built).toMatchObject({ code: 2, stderr: expect.stringContaining(reason) });
  }
  const typed = await run(["build", path, "--out", "dist"], { cwd });
  expect(typed.code).toBe(0);
  expect(await readFile(join(cwd, "dist/127-0-0-1/types.ts"), "utf8")).toContain("limit?: number");
});

test("a tool whose text holds what a reviewer does not see is not carried", async () => {
  const tools = [
    { name: "safe", description: "Reads.", inputSchema: { type: "object" } },
    { name: "poisoned", description: "Reads.\u{e0041}\u{e0042}", inputSchema: { type: "object" } },
    { name: "deep", inputSchema: { type: "object", properties: { a: { description: "\u202eb" } } } },
  ];
  const cwd = await folderWith({ "tools.json": JSON.stringify({ result: { tools } }) });
  const ran = await run(["import", "mcp", "tools.json"], { cwd });
  expect(ran.code).toBe(0);
  const ir = await irOf(ran.stdout);
  expect(ir.operations.map(({ id }) => id)).toEqual(["safe"]);
  expect(ran.stderr).toContain("U+E0041");
  expect(ran.stderr).toContain("U+202E");
});

test("definitions of several tools become shared schemas, each once", async () => {
  const $defs = { Tag: { type: "object", properties: { of: { $ref: "#/$defs/Tag" } } } };
  const inputSchema = { type: "object", properties: { tag: { $ref: "#/$defs/Tag" } }, $defs };
  const tools = ["a", "b"].map((name) => ({ name, inputSchema }));
  const cwd = await folderWith({ "tools.json": JSON.stringify({ tools }) });
  const ran = await run(["import", "mcp", "tools.json"], { cwd });
  const ir = await irOf(ran.stdout);
  expect(ir.schemas).toEqual({
    Tag: { type: "object", properties: { of: { $ref: "#/schemas/Tag" } } },
  });
  expect(ir.operations.map(({ parameters }) => parameters[0]?.schema)).toEqual(
    Array(2).fill({ $ref: "#/schemas/Tag" }),
  );
});

test("the token of a server comes from the variable that --token-env names, and is written nowhere", async () => {
  const stage = await statelessServer();
  const cwd = await folderWith({});
  const words = ["import", "mcp", stage.url, "--allow-network", stage.host];
  const token = "t0p-secret-canary";
  const ran = await run([...words, "--token-env", "SHOP_TOKEN"], { cwd, env: { SHOP_TOKEN: token } });
  expect(ran.code).toBe(0);
  expect(new Set(stage.seen.map(({ headers }) => headers.authorization))).toEqual(
    new Set([`Bearer ${token}`]),
  );
  expect(`${ran.stdout}${ran.stderr}`).not.toContain(token);
  expect((await irOf(ran.stdout)).profiles).toMatchObject([{ type: "bearer" }]);
  const unset = await run([...words, "--token-env", "SHOP_TOKEN"], { cwd });
  expect(unset).toMatchObject({ code: 2, stderr: expect.stringContaining("SHOP_TOKEN, which is not set") });
});
