import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { execPath } from "node:process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { folderWith, json, run } from "../../cli/support.ts";
import { irOf } from "../../support/line.ts";

const child = fileURLToPath(new URL("stdio-child.mjs", import.meta.url));

test("a server that the host starts is imported by its name and called by it, with secrets from the environment", async () => {
  const servers = {
    mcpServers: {
      desk: { command: execPath, args: [child, "modern"], env: { SHOP_TOKEN: "${SHOP_TOKEN}" } },
    },
  };
  const cwd = await folderWith({ "servers.json": JSON.stringify(servers) });
  const env = { SHOP_TOKEN: "t0p-secret-canary" };
  const started = ["--mcp-servers", "servers.json"];
  const imported = await run(["import", "mcp", "desk", "--out", ".", ...started], { cwd, env });
  expect(imported).toMatchObject({ code: 0 });
  const path = "desk/connector.yaml";
  const text = await readFile(join(cwd, path), "utf8");
  expect(text).not.toMatch(/canary|SHOP_TOKEN|stdio-child/);
  expect((await irOf(text)).upstream).toEqual({ kind: "stdio", server: "desk" });

  const call = ["call", path, "orders_list", "--param", "shop=env"];
  const called = await run([...call, ...started], { cwd, env });
  expect(called.code).toBe(0);
  expect(json(called)).toContain("SHOP_TOKEN");
  const unset = await run([...call, ...started], { cwd });
  expect(unset).toMatchObject({ code: 2, stderr: expect.stringContaining("SHOP_TOKEN") });
  const unnamed = await run(call, { cwd, env });
  expect(unnamed).toMatchObject({ code: 2, stderr: expect.stringContaining("desk") });
  const another = await run(["import", "mcp", "elsewhere", ...started], { cwd, env });
  expect(another).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("starts no server called elsewhere"),
  });
});
