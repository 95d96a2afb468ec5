/** The built program over standard input and output, with the official clients of both generations. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { Client as EarlierClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as EarlierTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { startServer } from "../../runtime/testing/index.ts";
import { folderWith } from "../cli/support.ts";

const root = join(import.meta.dirname, "..", "..");
const program = join(root, "dist", "cli", "connector.cjs");

const text = `metadata: { name: Test API, slug: test-api, description: An API for tests., publisher: Tests }
base_url: "{base_url}"
connection_config: [{ key: base_url, label: Base URL }]
authentication: [{ type: none }]
operations:
  - { operation_id: get_thing, endpoint: /thing, summary: Gets the thing, auth_type_ref: none }
mcp_config: { enabled: true, server_name: test-mcp, server_description: One thing. }
`;

async function command() {
  const upstream = await startServer({ "GET /thing": { json: { thing: "here" } } });
  onTestFinished(() => upstream.close());
  const folder = await folderWith({ "a.yaml": text });
  return {
    command: process.execPath,
    args: [program, "mcp", join(folder, "a.yaml"), "--allow-network", upstream.host],
    env: { CONNECTOR_TEST_API_BASE_URL: upstream.origin },
  };
}

describe("the built `connector mcp` over standard input and output", () => {
  beforeAll(() => {
    if (!existsSync(program)) throw new Error("build the package first: npm run build");
  });

  it.each(["auto", "legacy"] as const)("serves the client of today, negotiating %s", async (mode) => {
    const client = new Client({ name: "test", version: "1.0.0" }, { versionNegotiation: { mode } });
    await client.connect(new StdioClientTransport(await command()));
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(["get_thing"]);
    const { structuredContent } = await client.callTool({ name: "get_thing", arguments: {} });
    expect(structuredContent).toEqual({ thing: "here" });
    await client.close();
  });

  it("serves the client of before", async () => {
    const client = new EarlierClient({ name: "test", version: "1.0.0" });
    await client.connect(new EarlierTransport(await command()));
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(["get_thing"]);
    const { structuredContent } = await client.callTool({ name: "get_thing", arguments: {} });
    expect(structuredContent).toEqual({ thing: "here" });
    await client.close();
  });

  it("lets the client of before make a connector: import, call, build, change, compare", async () => {
    const document = {
      openapi: "3.1.0",
      info: { title: "Desk", version: "1.0.0" },
      servers: [{ url: "https://{tenant}.desk.example", variables: { tenant: { default: "acme" } } }],
      paths: {
        "/tickets/{id}": {
          get: {
            operationId: "getTicket",
            summary: "Reads a ticket",
            parameters: [{ name: "id", in: "path", required: true, schema: { type: "integer" } }],
            responses: {
              200: {
                description: "ok",
                content: {
                  "application/json": { schema: { type: "object", properties: { id: { type: "integer" } } } },
                },
              },
            },
          },
        },
      },
    };
    const folder = await folderWith({ "api.json": JSON.stringify(document) });
    const client = new EarlierClient({ name: "test", version: "1.0.0" });
    await client.connect(
      new EarlierTransport({ command: process.execPath, args: [program, "mcp", "--author", folder] }),
    );
    onTestFinished(() => client.close());
    const told = async (name: string, given: Record<string, unknown>) => {
      const { structuredContent, isError } = await client.callTool({ name, arguments: given });
      expect([name, isError ?? false, structuredContent]).toEqual([name, false, expect.anything()]);
      return structuredContent;
    };
    const path = "made/desk/connector.yaml";
    expect(await told("import_openapi", { path: "api.json", folder: "made" })).toMatchObject({
      files: [path],
    });
    const { text } = (await told("read_descriptor", { path })) as { text: string };
    const operation = /operation_id: (\w+)/.exec(text)?.[1];
    const routes = { "GET /tickets/:id": { json: { id: 7 } } };
    expect(await told("call_operation", { path, operation, parameters: { id: 7 }, routes })).toMatchObject({
      ok: true,
      data: { id: 7 },
      requests: [{ method: "GET", target: "/tickets/7" }],
    });
    const built = (await told("build_client", { path, folder: "clients" })) as { files: string[] };
    expect(built.files.filter((file) => file.endsWith(".ts"))).not.toEqual([]);
    for (const file of built.files) expect(existsSync(join(folder, file))).toBe(true);
    await told("create_descriptor", { path: "next.yaml", text: text.replace("/tickets/", "/cases/") });
    expect(await told("diff", { old: path, new: "next.yaml" })).toMatchObject({
      changes: [expect.anything()],
    });
  });

  it("ends when its client goes away, and writes nothing but the protocol to standard output", async () => {
    const { args, env } = await command();
    const child = spawn(process.execPath, args, { env: { ...process.env, ...env } });
    let out = "";
    child.stdout.on("data", (chunk) => {
      out += chunk;
    });
    child.stdin.end();
    const code = await new Promise((resolve) => child.once("close", resolve));
    expect([code, out]).toEqual([0, ""]);
  });
});
