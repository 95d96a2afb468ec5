/** Bundles as a host meets them: judged by the official validator, unpacked by its unpacker, started as their manifest says. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { getMcpConfigForManifest, unpackExtension, validateManifest } from "@anthropic-ai/mcpb";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { startServer } from "../../runtime/testing/index.ts";
import { folderWith, run, weather } from "./support.ts";

const offered = `${weather}mcp_config: { enabled: true, server_name: weather-mcp, server_description: Readings. }\n`;
const made = "out/weather-desk/weather-desk.mcpb";

/**
 * What the registry's documents ask of a `server.json` with a bundle (server.json format 2025-12-11; official registry
 * requirements: a bundle has its hash, its address names MCP, and versions are no ranges).
 */
const registryConstraints = {
  type: "object",
  required: ["$schema", "name", "description", "version", "packages"],
  additionalProperties: false,
  properties: {
    $schema: { const: "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json" },
    name: { type: "string", minLength: 3, maxLength: 200, pattern: "^[a-zA-Z0-9.-]+/[a-zA-Z0-9._-]+$" },
    title: { type: "string", minLength: 1, maxLength: 100 },
    description: { type: "string", minLength: 1, maxLength: 100 },
    version: {
      type: "string",
      maxLength: 255,
      pattern: "^[0-9]+\\.[0-9]+\\.[0-9]+(?:[-+][0-9A-Za-z.+-]+)?$",
    },
    websiteUrl: { type: "string", format: "uri" },
    packages: {
      type: "array",
      minItems: 1,
      items: {
        type: "object",
        required: ["registryType", "identifier", "transport", "fileSha256"],
        additionalProperties: false,
        properties: {
          registryType: { const: "mcpb" },
          identifier: { type: "string", format: "uri", pattern: "^https://.*mcp" },
          fileSha256: { type: "string", pattern: "^[a-f0-9]{64}$" },
          transport: { type: "object", required: ["type"], properties: { type: { const: "stdio" } } },
          environmentVariables: {
            type: "array",
            items: {
              type: "object",
              required: ["name"],
              additionalProperties: false,
              properties: {
                name: { type: "string", minLength: 1 },
                description: { type: "string" },
                isRequired: { type: "boolean" },
                isSecret: { type: "boolean" },
                format: { enum: ["string", "number", "boolean", "filepath"] },
                default: { type: "string" },
                choices: { type: "array", items: { type: "string" } },
              },
            },
          },
        },
      },
    },
  },
};

async function built(...flags: string[]) {
  const cwd = await folderWith({ "a.yaml": offered });
  const ran = await run(["build", "a.yaml", "--target", "mcpb", "--out", "out", ...flags], { cwd });
  expect(ran.code, ran.stderr).toBe(0);
  return cwd;
}

describe("connector build --target mcpb", { timeout: 120_000 }, () => {
  it("makes a bundle that the official validator takes, and that runs from what its user filled in", async () => {
    const cwd = await built();
    vi.spyOn(console, "log").mockImplementation(() => {});
    onTestFinished(() => void vi.restoreAllMocks());
    const unpacked = join(cwd, "unpacked");
    expect(await unpackExtension({ mcpbPath: join(cwd, made), outputDir: unpacked, silent: true })).toBe(
      true,
    );
    expect(validateManifest(unpacked)).toBe(true);
    const manifest = JSON.parse(await readFile(join(unpacked, "manifest.json"), "utf8"));
    expect(manifest.user_config).toMatchObject({
      region: { type: "string", default: "eu", required: false },
      base_url: { type: "string", title: "Address of the service", required: true },
      api_token: { type: "string", sensitive: true, required: true },
      allow_writes: { type: "boolean", default: false },
    });
    expect(manifest.tools.map(({ name }: { name: string }) => name)).toEqual([
      "list_readings",
      "add_reading",
    ]);

    const upstream = await startServer({
      "GET /eu/readings": { json: { readings: [{ value: 1 }], next: null } },
    });
    onTestFinished(() => upstream.close());
    const config = await getMcpConfigForManifest({
      manifest,
      extensionPath: unpacked,
      systemDirs: {},
      // `allow_writes` has a default; an optional value that nobody filled in stays as it stands.
      userConfig: { base_url: upstream.origin, api_token: "canary-7f1", allow_network: upstream.host },
      pathSeparator: "/",
    });
    const client = new Client({ name: "test", version: "1.0.0" });
    await client.connect(
      new StdioClientTransport({
        command: process.execPath,
        args: config?.args ?? [],
        env: config?.env ?? {},
      }),
    );
    onTestFinished(() => client.close());
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(["list_readings"]);
    const answer = await client.callTool({ name: "list_readings", arguments: { station: "s" } });
    expect(answer.structuredContent).toEqual({ items: [{ value: 1 }] });
    expect(upstream.requests[0]?.headers["x-token"]).toBe("canary-7f1");
  });

  it("is the same bytes each time, and knows its own file again", async () => {
    const [one, two] = [await built(), await built()];
    const [left, right] = await Promise.all([one, two].map((cwd) => readFile(join(cwd, made))));
    expect(left?.equals(right ?? Buffer.of())).toBe(true);
    const again = ["build", "a.yaml", "--target", "mcpb", "--out", "out"];
    expect(await run([...again, "--check"], { cwd: one })).toMatchObject({ code: 0 });
    await writeFile(join(one, made), Buffer.concat([left ?? Buffer.of(), Buffer.of(0)]));
    expect(await run([...again, "--check"], { cwd: one })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("weather-desk.mcpb is not what the descriptor makes"),
    });
    expect(await run(again, { cwd: one })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("would be overwritten"),
    });
  });

  it("writes the entry of the public registry, with the hash of the bundle", async () => {
    const url = "https://github.com/someone/desk/releases/download/v{version}/{slug}.mcpb";
    const cwd = await built("--namespace", "io.github.someone", "--download-url", url);
    const entry = JSON.parse(await readFile(join(cwd, "out/weather-desk/server.json"), "utf8"));
    expect(entry).toMatchObject({
      name: "io.github.someone/weather-mcp",
      title: "Weather Desk",
      description: "Readings.",
      version: "1.0.0",
      packages: [
        {
          registryType: "mcpb",
          identifier: "https://github.com/someone/desk/releases/download/v1.0.0/weather-desk.mcpb",
          fileSha256: createHash("sha256")
            .update(await readFile(join(cwd, made)))
            .digest("hex"),
          transport: { type: "stdio" },
        },
      ],
    });
    const judge = new Ajv2020({
      strict: false,
      formats: { uri: (text: string) => URL.canParse(text) },
    }).compile(registryConstraints);
    expect([judge(entry), judge.errors]).toEqual([true, null]);
    for (const wrong of [
      { ...entry, name: "weather" },
      { ...entry, description: "x".repeat(101) },
      { ...entry, packages: [{ ...entry.packages[0], fileSha256: "AB" }] },
    ])
      expect(judge(wrong)).toBe(false);
    expect(entry.packages[0].environmentVariables).toContainEqual({
      name: "CONNECTOR_WEATHER_DESK_API_TOKEN",
      description: "API token",
      isRequired: true,
      isSecret: true,
      format: "string",
    });
  });

  it.each([
    [["--namespace", "io.github.someone"], "belong together"],
    [
      ["--namespace", `io.${"x".repeat(190)}`, "--download-url", "https://x.example/a.mcpb"],
      "200 characters",
    ],
    [["--namespace", "someone", "--download-url", "https://x.example/a.mcpb"], "reverse domain name"],
    [["--namespace", "io.github.someone", "--download-url", "http://x.example/a.mcpb"], "https alone"],
  ])("refuses %j", async (flags, said) => {
    const cwd = await folderWith({ "a.yaml": offered });
    const ran = await run(["build", "a.yaml", "--target", "mcpb", "--out", "out", ...flags], { cwd });
    expect([ran.code, ran.stderr]).toEqual([2, expect.stringContaining(said)]);
    expect(existsSync(join(cwd, "out"))).toBe(false);
  });

  it("refuses a connector that offers no tools", async () => {
    const cwd = await folderWith({ "a.yaml": weather });
    const ran = await run(["build", "a.yaml", "--target", "mcpb", "--out", "out"], { cwd });
    expect([ran.code, ran.stderr]).toEqual([2, expect.stringContaining("offers no MCP tools")]);
  });
});
