import { mkdir, readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Client } from "@modelcontextprotocol/client";
import { describe, expect, it, onTestFinished } from "vitest";
import { createAuthorServer } from "../../cli/author/author-server.ts";
import { pinnedConnections } from "../../cli/author/pins.ts";
import { Workspace } from "../../cli/author/workspace.ts";
import type { World } from "../../cli/world.ts";
import { serveToolsOverHttp } from "../../runtime/mcp/index.ts";
import { startServer } from "../../runtime/testing/index.ts";
import { callTool, clientOf } from "../runtime/mcp/support.ts";
import { folderWith, run, weather } from "./support.ts";

const silent = { isTerminal: false, write: () => Promise.resolve() };

/** A client of an authoring server over a folder. */
async function author(
  cwd: string,
  options: {
    readonly connection?: readonly string[];
    readonly pin?: readonly string[];
    readonly allowNetwork?: readonly string[];
    readonly writes?: boolean;
  } = {},
): Promise<Client> {
  const world: World = {
    cwd,
    env: {},
    stdout: silent,
    stderr: silent,
    readStdin: async () => new Uint8Array(),
    interrupted: new AbortController().signal,
  };
  const { connection = [], pin = [], allowNetwork = [], writes = false } = options;
  const server = createAuthorServer(
    new Workspace(join(cwd, "work")),
    pinnedConnections({ connection, pin }),
    { allowNetwork, writes, world },
  );
  const serving = await serveToolsOverHttp(server);
  onTestFinished(() => serving.close());
  return clientOf(serving.url);
}

describe("connector mcp --author", () => {
  it("tells what is wrong at which place, with the mend, and explains the rule", async () => {
    const client = await author(
      await folderWith({ "work/a.yaml": weather.replace("method: POST", "method: PSOT") }),
    );
    const { structured } = await callTool(client, "validate_descriptor", { path: "a.yaml" });
    expect(structured).toMatchObject({
      ok: false,
      errors: [expect.stringMatching(/^operations\/1\/method: /)],
    });
    const [finding] = structured.findings as { rule: string; line: number }[];
    expect(finding?.line).toBe(50);
    const page = await callTool(client, "explain_rule", { rule: finding?.rule });
    expect(page.structured).toMatchObject({ id: finding?.rule, summary: expect.any(String) });
    expect(await callTool(client, "explain_rule", { rule: "no/such" })).toMatchObject({
      isError: true,
      structured: { error: { code: "invalid_parameters", argument: "rule" } },
    });
  });

  it.each([
    "../secret.yaml",
    "/etc/passwd",
    "a/../../secret.yaml",
    "a\\..\\..\\secret.yaml",
    ".hidden.yaml",
    "link.yaml",
    "out/secret.yaml",
    "pipe",
    "a.yaml\u0000.json",
  ])("reads nothing at %j", async (path) => {
    const cwd = await folderWith({ "secret.yaml": "canary: 1", "work/a.yaml": weather });
    await symlink(join(cwd, "secret.yaml"), join(cwd, "work/link.yaml"));
    await symlink(cwd, join(cwd, "work/out"));
    await mkdir(join(cwd, "work/pipe"));
    const client = await author(cwd);
    for (const tool of ["read_descriptor", "validate_descriptor"]) {
      const answer = await callTool(client, tool, { path });
      expect(answer).toMatchObject({ isError: true, structured: { error: { argument: "path" } } });
      expect(JSON.stringify(answer)).not.toContain("canary");
    }
  });

  it("writes nothing outside of the folder, and over no file unless it is told to", async () => {
    const cwd = await folderWith({ "secret.yaml": "canary: 1", "work/a.yaml": "old: 1" });
    await symlink(join(cwd, "secret.yaml"), join(cwd, "work/link.yaml"));
    await symlink(cwd, join(cwd, "work/out"));
    const client = await author(cwd);
    for (const path of ["../b.yaml", "out/b.yaml", "link.yaml", "a.yaml", "/tmp/b.yaml", "a.txt"])
      expect(await callTool(client, "create_descriptor", { path, text: weather }), path).toMatchObject({
        isError: true,
      });
    expect((await readdir(cwd)).sort()).toEqual(["secret.yaml", "work"]);
    expect((await readdir(join(cwd, "work"))).sort()).toEqual(["a.yaml", "link.yaml", "out"]);
    expect(await readFile(join(cwd, "work/a.yaml"), "utf8")).toBe("old: 1");
    const over = { path: "a.yaml", text: weather, overwrite: true };
    expect(await callTool(client, "create_descriptor", over)).toMatchObject({ structured: { ok: true } });
    expect(await readFile(join(cwd, "work/a.yaml"), "utf8")).toBe(weather);
    expect(await readFile(join(cwd, "secret.yaml"), "utf8")).toBe("canary: 1");
  });

  it("follows no folder that becomes a link between two calls, nor a schema file that leads out", async () => {
    const cwd = await folderWith({
      "secret.json": '{"type":"canary"}',
      "work/sub/a.yaml": weather,
      "elsewhere/a.yaml": "canary: 1",
    });
    const client = await author(cwd);
    expect(await callTool(client, "validate_descriptor", { path: "sub/a.yaml" })).toMatchObject({
      structured: { ok: true },
    });
    await rename(join(cwd, "work/sub"), join(cwd, "work/was"));
    await symlink(join(cwd, "elsewhere"), join(cwd, "work/sub"));
    const read = await callTool(client, "read_descriptor", { path: "sub/a.yaml" });
    expect(read.isError).toBe(true);
    await rm(join(cwd, "work/sub"));
    const leading = weather.replace("response_schema:\n", 'response_schema:\n      $ref: "../secret.json"\n');
    const made = await callTool(client, "create_descriptor", { path: "b.yaml", text: leading });
    expect(made.structured).toMatchObject({ ok: false });
    expect(JSON.stringify(made)).not.toContain("canary");
  });

  it("calls a test server in place of the API, and tells what was sent", async () => {
    const client = await author(await folderWith({ "work/a.yaml": weather }));
    const call = {
      path: "a.yaml",
      operation: "list_readings",
      parameters: { station: "s 1" },
      routes: { "GET /eu/readings": { json: { readings: [{ value: 1 }], next: null } } },
    };
    expect(await callTool(client, "call_operation", call)).toMatchObject({
      isError: false,
      structured: {
        ok: true,
        data: { readings: [{ value: 1 }], next: null },
        requests: [
          {
            method: "GET",
            target: "/eu/readings?station=s%201",
            headers: { "x-token": "test-api_token" },
          },
        ],
      },
    });
    const config = { region: "us" };
    const elsewhere = await callTool(client, "call_operation", { ...call, config, routes: {} });
    expect(elsewhere.structured).toMatchObject({ requests: [{ target: "/us/readings?station=s%201" }] });
    const failed = await callTool(client, "call_operation", { ...call, routes: {} });
    expect(failed.structured).toMatchObject({ ok: false, error: { status: 404 } });
    for (const routes of [{ nonsense: {} }, { "GET /a": 1 }, { "GET /a": { status: 99 } }])
      expect(await callTool(client, "call_operation", { ...call, routes })).toMatchObject({ isError: true });
  });

  it("uses a connection only for its slug, its origins and reading, and tells no secret", async () => {
    const api = await startServer({
      "GET /eu/readings": ({ headers }) => ({
        json: { readings: [{ echo: headers["x-token"] }], next: null },
      }),
      "POST /eu/readings": { json: {} },
    });
    const thief = await startServer({ "GET /eu/readings": { json: { readings: [], next: null } } });
    onTestFinished(() => Promise.all([api.close(), thief.close()]).then(() => {}));
    const settings = `credentials: { api_token: canary-7f1 }\nconfig: { base_url: "${api.origin}" }\n`;
    const cwd = await folderWith({
      "work/a.yaml": weather,
      "work/other.yaml": weather.replace("slug: weather-desk", "slug: other-desk"),
      "work/thief.yaml": weather.replaceAll("{base_url}/{region}", `${thief.origin}/{region}`),
      "work/lie.yaml": weather.replace("method: POST", "method: POST\n    side_effecting: false"),
      "desk.connection.yaml": `connector: weather-desk\nprofile: api_key\n${settings}`,
    });
    const own = { connection: ["desk.connection.yaml"], pin: [`desk=${api.origin}`] };
    const client = await author(cwd, { ...own, allowNetwork: [api.host, thief.host] });
    const call = (path: string, operation = "list_readings", parameters: object = { station: "s" }) =>
      callTool(client, "call_operation", { path, operation, parameters, connection: "desk" });

    const read = await call("a.yaml");
    expect(read.structured).toMatchObject({ ok: true, data: { readings: [{ echo: "[secret]" }] } });
    expect(await call("other.yaml")).toMatchObject({ isError: true });
    expect(JSON.stringify(await call("thief.yaml"))).not.toContain('"ok":true');
    for (const path of ["a.yaml", "lie.yaml"])
      expect(JSON.stringify(await call(path, "add_reading", { station: "s", value: 1 }))).not.toContain(
        '"ok":true',
      );
    expect([thief.requests.length, thief.connections, api.times("POST /eu/readings")]).toEqual([0, 0, 0]);

    const writing = await author(cwd, { ...own, allowNetwork: [api.host], writes: true });
    const add = {
      path: "a.yaml",
      operation: "add_reading",
      parameters: { station: "s", value: 1 },
      connection: "desk",
    };
    expect(await callTool(writing, "call_operation", add)).toMatchObject({ structured: { ok: true } });
    expect(JSON.stringify(read)).not.toContain("canary");
  });

  it("imports a document, and compares what it makes with what was there", async () => {
    const document = {
      openapi: "3.1.0",
      info: { title: "Desk", version: "1.0.0" },
      servers: [{ url: "https://desk.example" }],
      paths: {
        "/tickets": {
          get: { operationId: "listTickets", summary: "List", responses: { 200: { description: "ok" } } },
        },
      },
    };
    const client = await author(await folderWith({ "work/api.json": JSON.stringify(document) }));
    const made = await callTool(client, "import_openapi", { path: "api.json", folder: "made" });
    expect(made.structured).toMatchObject({ files: ["made/desk/connector.yaml"] });
    const path = "made/desk/connector.yaml";
    const { structured } = await callTool(client, "read_descriptor", { path });
    expect(structured.text).toContain("slug: desk");
    const text = String(structured.text).replace("/tickets", "/cases");
    expect(await callTool(client, "create_descriptor", { path: "new.yaml", text })).toMatchObject({
      structured: { ok: true },
    });
    expect(await callTool(client, "diff", { old: path, new: path })).toMatchObject({
      structured: { floor: "none", changes: [] },
    });
    const changed = await callTool(client, "diff", { old: path, new: "new.yaml" });
    expect(changed.structured.changes).not.toEqual([]);
    expect(await callTool(client, "import_openapi", { path: "api.json", folder: "made" })).toMatchObject({
      isError: true,
    });
  });

  it("says of each tool what it does to the world, and takes no argument that it does not have", async () => {
    const client = await author(await folderWith({ "work/a.yaml": weather }));
    const { tools } = await client.listTools();
    const reading = tools.filter(({ annotations }) => annotations?.readOnlyHint).map(({ name }) => name);
    expect(reading).toEqual(["validate_descriptor", "explain_rule", "read_descriptor", "diff"]);
    expect(tools.filter(({ annotations }) => annotations?.openWorldHint).map(({ name }) => name)).toEqual([
      "call_operation",
    ]);
    expect(await callTool(client, "validate_descriptor", { path: "a.yaml", strict: true })).toMatchObject({
      isError: true,
    });
  });
});

describe("the command line of --author", () => {
  it.each([
    [["a.yaml", "--author"], "leave the descriptors out"],
    [["--author", "nowhere"], "cannot serve the folder nowhere"],
    [["--author", ".", "--connection", "desk.connection.yaml"], "add --pin desk=https://"],
    [["--author", ".", "--pin", "desk=https://api.example"], "of no --connection file"],
    [["--author", ".", "--pin", "desk=https://api.example/path"], "takes NAME=ORIGIN"],
    [["--author", ".", "--report"], "leave --author out"],
    [["a.yaml", "--pin", "desk=https://api.example"], "--pin is for --author"],
    [[], "name a descriptor to serve"],
  ])("refuses %j", async (flags, said) => {
    const cwd = await folderWith({ "a.yaml": weather });
    await writeFile(join(cwd, "desk.connection.yaml"), "connector: weather-desk\n");
    const ran = await run(["mcp", ...flags], { cwd });
    expect([ran.code, ran.stderr]).toEqual([2, expect.stringContaining(said)]);
  });
});
