import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { describe, expect, it } from "vitest";
import { addressOf } from "../../cli/mcp/serve-http.ts";
import { startServer } from "../../runtime/testing/index.ts";
import { folderWith, run, weather } from "./support.ts";

const offered = `${weather}mcp_config: { enabled: true, server_name: weather-mcp, server_description: Readings. }\n`;

describe("connector mcp", () => {
  it.each([
    ["no section", weather],
    ["enabled: false", offered.replace("enabled: true", "enabled: false")],
  ])("serves no connector with %s, and says what to do", async (_, text) => {
    const cwd = await folderWith({ "a.yaml": text });
    const ran = await run(["mcp", "a.yaml"], { cwd });
    expect(ran).toMatchObject({ code: 2, stdout: "" });
    expect(ran.stderr).toContain("weather-desk offers no MCP tools; set `mcp_config.enabled: true`");
    expect(ran.stderr).toContain("--force");
    expect((await run(["mcp", "a.yaml", "--force", "--report"], { cwd })).code).toBe(0);
  });

  it("reports what its tools take of a context, and fails above the budget", async () => {
    const cwd = await folderWith({ "a.yaml": offered });
    const all = await run(["mcp", "a.yaml", "--report", "--allow-writes"], { cwd });
    expect(all.code).toBe(0);
    expect(all.stdout).toMatch(/^tool +bytes +tokens\n/);
    expect(all.stdout).toMatch(/list_readings +\d+ +\d+\n/);
    expect(all.stdout).toMatch(/2 tools +\d+ +\d+\n/);
    expect(all.stdout).toMatch(
      /Word by word, without answers, they would take \d+ bytes(?:: this is \d+ % of that)?\.\n/,
    );
    expect(all.stdout).not.toContain("--discover");
    const small = await run(["mcp", "a.yaml", "--report", "--budget", "10"], { cwd });
    expect(small.code).toBe(1);
    expect(small.stderr).toMatch(/the tools take \d+ tokens of 10; choose with --tools or --tags/);
  });

  it("takes tools by name and tag, and discovers them by three", async () => {
    const cwd = await folderWith({ "a.yaml": offered });
    const names = async (...flags: string[]) =>
      [...(await run(["mcp", "a.yaml", "--report", ...flags], { cwd })).stdout.matchAll(/^([a-z]\w+) +\d/gm)]
        .map(([, name]) => name)
        .sort();
    expect(await names()).toEqual(["list_readings"]);
    expect(await names("--allow-writes", "--tools", "add_*")).toEqual(["add_reading"]);
    expect(await names("--discover")).toEqual(["call_operation", "describe_operation", "search_operations"]);
    const none = await run(["mcp", "a.yaml", "--report", "--tags", "nothing"], { cwd });
    expect([none.code, none.stderr]).toEqual([2, expect.stringContaining("No tool is selected")]);
  });

  it("stops where a tool is not as its lock has it, until that is written anew", async () => {
    const cwd = await folderWith({
      "a.yaml": offered,
      "b.yaml": offered.replace(
        "List the readings of a station",
        "List the readings, and post them elsewhere",
      ),
    });
    const lock = (file: string, ...flags: string[]) =>
      run(["mcp", file, "--report", "--lock", "tools.lock.json", ...flags], { cwd });
    const written = await lock("a.yaml");
    expect([written.code, written.stderr]).toEqual([
      0,
      expect.stringContaining("tools.lock.json holds 1 tool;"),
    ]);
    expect(await lock("a.yaml")).toMatchObject({ code: 0, stderr: "" });
    const said = "the tools are not as tools.lock.json has them (changed: list_readings)";
    for (const flags of [[], ["--discover"]]) {
      const changed = await lock("b.yaml", ...flags);
      expect([changed.code, changed.stdout, changed.stderr]).toEqual([2, "", expect.stringContaining(said)]);
    }
    const served = await run(["mcp", "b.yaml", "--lock", "tools.lock.json", "--http", "0"], {
      cwd,
      env: { CONNECTOR_WEATHER_DESK_API_TOKEN: "t", CONNECTOR_WEATHER_DESK_BASE_URL: "https://w.example" },
    });
    expect([served.code, served.stderr]).toEqual([2, expect.stringContaining(said)]);
    expect((await lock("a.yaml", "--allow-writes")).stderr).toContain("(added: add_reading)");
    expect((await lock("b.yaml", "--update-lock")).code).toBe(0);
    expect((await lock("b.yaml")).code).toBe(0);
    expect((await run(["mcp", "a.yaml", "--update-lock"], { cwd })).stderr).toContain("--lock");
  });

  it("serves a compiled connector as it is", async () => {
    const cwd = await folderWith({ "a.yaml": offered });
    expect((await run(["build", "a.yaml", "--out", ".", "--target", "ir"], { cwd })).code).toBe(0);
    const [ofIr, ofText] = await Promise.all(
      ["weather-desk/ir.json", "a.yaml"].map((path) => run(["mcp", path, "--report"], { cwd })),
    );
    expect(ofIr).toEqual(ofText);
    expect(ofIr?.code).toBe(0);
  });

  it("refuses flags that contradict each other, and a server for others without a token", async () => {
    const cwd = await folderWith({ "a.yaml": offered });
    const env = {
      CONNECTOR_WEATHER_DESK_API_TOKEN: "t",
      CONNECTOR_WEATHER_DESK_BASE_URL: "https://w.example",
    };
    for (const [flags, said] of [
      [["--read-only", "--allow-writes"], "contradict"],
      [["--budget", "10"], "--report"],
      [["--http", "0.0.0.0:0"], "ask for a token"],
      [["--http", "0", "--issuer", "https://login.example"], "belong together"],
    ] as const) {
      const ran = await run(["mcp", "a.yaml", ...flags], { cwd, env });
      expect([ran.code, ran.stderr]).toEqual([2, expect.stringContaining(said)]);
    }
  });

  it("serves several connectors over HTTP, prefixed, until it is interrupted", async () => {
    const upstream = await startServer({
      "GET /eu/readings": { json: { readings: [{ value: 1 }], next: null } },
    });
    const other = offered.replaceAll("weather-desk", "other-desk");
    const connection = (slug: string) =>
      `connector: ${slug}\nprofile: api_key\ncredentials: { api_token: t }\nconfig: { base_url: "${upstream.origin}" }\nnetwork: { allow: ["${upstream.host}"] }\n`;
    const cwd = await folderWith({
      "a.yaml": offered,
      "b.yaml": other,
      "a.connection.yaml": connection("weather-desk"),
      "b.connection.yaml": connection("other-desk"),
    });
    const stop = new AbortController();
    let tell: (url: string) => void = () => {};
    const told = new Promise<string>((resolve) => {
      tell = resolve;
    });
    const token = "a-token-of-some-length";
    const ended = run(
      [
        "mcp",
        "a.yaml",
        "b.yaml",
        "--connection",
        "b.connection.yaml",
        "--connection",
        "a.connection.yaml",
        "--http",
        "0",
      ],
      {
        cwd,
        env: { CONNECTOR_MCP_TOKEN: token },
        interrupted: stop.signal,
        heard: (text) => {
          const [url] = /http:\S+/.exec(text) ?? [];
          if (url !== undefined) tell(url);
        },
      },
    );
    try {
      const url = await Promise.race([told, ended.then(({ stderr }) => Promise.reject(new Error(stderr)))]);
      const client = new Client({ name: "test", version: "1.0.0" });
      const headers = { authorization: `Bearer ${token}` };
      await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }));
      const { tools } = await client.listTools();
      expect(tools.map(({ name }) => name)).toEqual([
        "weather-desk_list_readings",
        "other-desk_list_readings",
      ]);
      const answer = await client.callTool({
        name: "other-desk_list_readings",
        arguments: { station: "s" },
      });
      expect(answer.structuredContent).toEqual({ items: [{ value: 1 }] });
      await client.close();
    } finally {
      stop.abort();
      await upstream.close();
    }
    expect(await ended).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("--allow-writes serves them"),
    });
  });
});

describe("the address of --http", () => {
  it.each([
    [true, {}],
    ["3000", { port: 3000 }],
    ["0.0.0.0:80", { host: "0.0.0.0", port: 80 }],
    ["[::1]:80", { host: "::1", port: 80 }],
  ] as const)("is read: %s", (given, address) => {
    expect(addressOf(given)).toEqual(address);
  });

  it.each(["a", "host", "1:2:3", "70000"])("is refused: %s", (given) => {
    expect(() => addressOf(given)).toThrow(/takes a port or an address/);
  });
});
