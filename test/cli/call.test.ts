import { chmod, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { startHttp2Server } from "../support/http2/server.ts";
import { folderWith, json, type Ran, run, weather } from "./support.ts";

interface Exchange {
  readonly method: string;
  readonly url: string;
  readonly token: string | undefined;
  readonly body: string;
}

interface Upstream {
  readonly authority: string;
  readonly exchanges: readonly Exchange[];
}

type Answer = (exchange: Exchange) => { readonly status?: number; readonly body: unknown };

/** A server on loopback that answers with JSON and remembers what it was asked. */
async function upstream(answer: Answer): Promise<Upstream> {
  const exchanges: Exchange[] = [];
  const server = createServer(async (request, response) => {
    const exchange = {
      method: request.method ?? "",
      url: request.url ?? "",
      token: header(request),
      body: await bodyOf(request),
    };
    exchanges.push(exchange);
    const { status = 200, body } = answer(exchange);
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { authority: `127.0.0.1:${(server.address() as AddressInfo).port}`, exchanges };
}

function header(request: IncomingMessage): string | undefined {
  const value = request.headers["x-token"];
  return Array.isArray(value) ? value[0] : value;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text;
}

const readings: Answer = ({ url }) => {
  const cursor = new URL(url, "http://upstream").searchParams.get("cursor");
  const pages = [
    { readings: [{ id: 1 }, { id: 2 }], next: "2" },
    { readings: [{ id: 3 }], next: null },
  ];
  return { body: pages[cursor === "2" ? 1 : 0] };
};

/** A folder with the descriptor and a connection file for the server. */
async function setUp(
  authority: string,
  connection = `connector: weather-desk\ncredentials:\n  api_token: s3cret-token\nconfig:\n  base_url: "http://${authority}"\nnetwork:\n  allow: ["${authority}"]\n`,
): Promise<string> {
  return folderWith({ "weather.yaml": weather, "connection.yaml": connection, "note.txt": "from a file" });
}

async function call(
  cwd: string,
  args: readonly string[],
  env: Record<string, string> = {},
  interrupted?: AbortSignal,
): Promise<Ran> {
  return run(["call", "weather.yaml", ...args, "--connection", "connection.yaml"], {
    cwd,
    env,
    ...(interrupted ? { interrupted } : {}),
  });
}

describe("connector call", () => {
  it("prints the answer as JSON and nothing else", async () => {
    const server = await upstream(readings);
    const ran = await call(await setUp(server.authority), [
      "list_readings",
      "--param",
      "station=A 1",
      "--param",
      "limit=5",
      "--param",
      "raw=true",
    ]);
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    expect(json(ran)).toEqual({ readings: [{ id: 1 }, { id: 2 }], next: "2" });
    expect(server.exchanges).toMatchObject([
      { method: "GET", url: "/eu/readings?station=A%201&limit=5&raw=true", token: "s3cret-token" },
    ]);
  });

  it("reads parameters by their types, from files, and with a literal @", async () => {
    const server = await upstream(({ body }) => ({ status: 201, body: JSON.parse(body) }));
    const cwd = await setUp(server.authority);
    const ran = await call(cwd, [
      "add_reading",
      "--params",
      '{"station":"A","value":1}',
      "--param",
      "value=2.5",
      "--param",
      "note=@note.txt",
      "--param",
      'extra={"a":[1]}',
    ]);
    expect(ran.stderr).toBe("");
    expect(json(ran)).toEqual({ station: "A", value: 2.5, note: "from a file", extra: { a: [1] } });
    expect(
      json(await call(cwd, ["add_reading", "--param", "station=@@home", "--param", "value=0"])),
    ).toMatchObject({ station: "@home" });
  });

  it("tells with --stats what the call cost, and how the sla fared", async () => {
    const server = await upstream(({ url }) =>
      server.exchanges.length === 1
        ? { status: 503, body: {} }
        : readings({ url, method: "", token: "", body: "" }),
    );
    const cwd = await setUp(server.authority);
    await writeFile(
      join(cwd, "weather.yaml"),
      `${weather}sla: { availability_percentage: 99.9, latency_ms_p95: 5000 }\nrate_limits: [{ scope: per_account, limit: 50, interval_seconds: 3600 }]\n`,
    );
    const ran = await call(cwd, ["list_readings", "--param", "station=A", "--stats"]);
    expect(ran.code).toBe(0);
    expect(json(ran)).toMatchObject({ next: "2" });
    expect(ran.stderr.replace(/[\d.]+ (ms|s)\b/g, "N $1")).toBe(
      `stats: 1 call, 2 requests, N ms in all
  time: credentials N ms, waits N ms, requests N ms, pauses before retries N ms, decoding N ms
  limit: 48 of 50 left
  sla: missed by 2 requests: 50 % answered, p95 N ms; promised 99.9 %, p95 N ms
`,
    );
  });

  it("makes a list of a repeated parameter", async () => {
    const server = await upstream(readings);
    await call(await setUp(server.authority), [
      "list_readings",
      "--param",
      "station=A",
      "--param",
      "tags=wet",
      "--param",
      "tags=cold",
    ]);
    expect(server.exchanges[0]?.url).toContain("tags=wet&tags=cold");
  });

  it("reads every page with --all, as one array or a line per record", async () => {
    const server = await upstream(readings);
    const cwd = await setUp(server.authority);
    expect(json(await call(cwd, ["list_readings", "--param", "station=A", "--all"]))).toEqual([
      { id: 1 },
      { id: 2 },
      { id: 3 },
    ]);
    const lines = await call(cwd, ["list_readings", "--param", "station=A", "--all", "--output", "ndjson"]);
    expect(lines).toMatchObject({ code: 0, stdout: '{"id":1}\n{"id":2}\n{"id":3}\n' });
  });

  it("closes the array of what was read when a later page fails, and ends with 1", async () => {
    const server = await upstream((exchange) =>
      exchange.url.includes("cursor=2")
        ? { status: 400, body: { message: "no such page" } }
        : readings(exchange),
    );
    const ran = await call(await setUp(server.authority), ["list_readings", "--param", "station=A", "--all"]);
    expect(ran.code).toBe(1);
    expect(json(ran)).toEqual([{ id: 1 }, { id: 2 }]);
    expect(ran.stderr).toMatch(
      /^connector: .+ no such page\. Check the parameters\. Go on after 1 page with --all --cursor \S+ \(upstream_error\)\n$/,
    );
  });

  it("offers no cursor where the first page failed", async () => {
    const server = await upstream(() => ({ status: 400, body: { message: "no such page" } }));
    const ran = await call(await setUp(server.authority), ["list_readings", "--param", "station=A", "--all"]);
    expect(ran).toMatchObject({ code: 1, stdout: "" });
    expect(ran.stderr).not.toContain("cursor");
  });

  it("stops at --max-pages, and goes on with --cursor as it says", async () => {
    const server = await upstream(readings);
    const cwd = await setUp(server.authority);
    const all = ["list_readings", "--param", "station=A", "--all"];
    const first = await call(cwd, [...all, "--max-pages", "1"]);
    expect(first.code).toBe(1);
    expect(json(first)).toEqual([{ id: 1 }, { id: 2 }]);
    expect(first.stderr).toMatch(
      /^connector: weather-desk list_readings: there are more pages than the 1 that may be read\. Raise --max-pages to read more at once\. Go on after 1 page with --all --cursor \S+ \(truncated\)\n$/,
    );
    const [, cursor = ""] = /--cursor (\S+)/.exec(first.stderr) ?? [];
    const second = await call(cwd, [...all, "--cursor", cursor]);
    expect(second).toMatchObject({ code: 0, stderr: "" });
    expect(json(second)).toEqual([{ id: 3 }]);
  });

  it("prints a record a line of one call with --output ndjson", async () => {
    const server = await upstream(readings);
    const args = ["list_readings", "--param", "station=A", "--output", "ndjson"];
    const ran = await call(await setUp(server.authority), args);
    expect(ran).toMatchObject({ code: 0, stdout: '{"id":1}\n{"id":2}\n', stderr: "" });
    expect(server.exchanges).toHaveLength(1);
  });

  it.each([[[]], [["--all"]], [["--output", "ndjson"]]])(
    "tells each departure from the schema once, with %j",
    async (more) => {
      const server = await upstream(() => ({ body: { readings: ["canary", "canary", {}], next: null } }));
      const ran = await call(await setUp(server.authority), [
        "list_readings",
        "--param",
        "station=A",
        ...more,
      ]);
      expect(ran).toMatchObject({
        code: 0,
        stderr:
          "warning: the answer does not fit `response_schema` at /readings/0: must be an object, not a string\n",
      });
    },
  );

  it.each([[[]], [["--all"]]])(
    "ends with 130 and a sentence when it is interrupted, with %j",
    async (more) => {
      const interrupt = new AbortController();
      const server = await upstream((exchange) => {
        if (more.length === 0 || exchange.url.includes("cursor=2")) interrupt.abort();
        return readings(exchange);
      });
      const args = ["list_readings", "--param", "station=A", ...more];
      const ran = await call(await setUp(server.authority), args, {}, interrupt.signal);
      expect(ran.code).toBe(130);
      expect(ran.stderr).toMatch(
        more.length === 0
          ? /^connector: stopped\n$/
          : /^connector: stopped after 1 page; go on with --all --cursor \S+\n$/,
      );
    },
  );

  it.each([
    ["an unknown operation", ["list_reading"], /did you mean list_readings\?/],
    ["--max-pages without --all", ["list_readings", "--max-pages", "2"], /add --all/],
    ["--max-pages of no number", ["list_readings", "--all", "--max-pages", "0"], /at least 1/],
    ["an unknown parameter", ["list_readings", "--param", "statoin=A"], /did you mean station\?/],
    [
      "a missing parameter",
      ["list_readings"],
      /list_readings needs station \(Station code\); give --param station=…/,
    ],
    ["a parameter without a value", ["list_readings", "--param", "station"], /--param name=value/],
    [
      "a parameter of the wrong type",
      ["list_readings", "--param", "station=A", "--param", "limit=ten"],
      /limit takes an integer, not "ten"/,
    ],
    ["a file that is not there", ["list_readings", "--param", "station=@nowhere"], /cannot open nowhere/],
    ["parameters that are no JSON", ["list_readings", "--params", "{"], /--params is not JSON/],
    [
      "an unknown profile",
      ["list_readings", "--param", "station=A", "--profile", "api_kay"],
      /did you mean api_key\?/,
    ],
  ])("ends with 2 and a sentence on %s, before any request", async (_, args, sentence) => {
    const server = await upstream(readings);
    const ran = await call(await setUp(server.authority), args);
    expect(ran).toMatchObject({ code: 2, stdout: "" });
    expect(ran.stderr).toMatch(sentence);
    expect(ran.stderr).not.toMatch(/\n\s+at /);
    expect(server.exchanges).toEqual([]);
  });

  it("ends with 1 and a sentence when the server is not there", async () => {
    const ran = await call(await setUp("127.0.0.1:1"), ["list_readings", "--param", "station=A"]);
    expect(ran).toMatchObject({ code: 1, stdout: "" });
    expect(ran.stderr).toMatch(/^connector: .+\n$/);
  });

  it("ends with 1 when the credential is refused, and never prints it", async () => {
    const server = await upstream(({ token }) => ({ status: 401, body: { message: `bad token ${token}` } }));
    const ran = await call(await setUp(server.authority), ["list_readings", "--param", "station=A"]);
    expect(ran).toMatchObject({ code: 1, stdout: "" });
    expect(ran.stderr).not.toContain("s3cret-token");
  });

  it("refuses a private destination that nothing allows, and takes --allow-network", async () => {
    const server = await upstream(readings);
    const cwd = await setUp(
      server.authority,
      `connector: weather-desk\ncredentials: { api_token: t }\nconfig: { base_url: "http://${server.authority}" }\n`,
    );
    expect((await call(cwd, ["list_readings", "--param", "station=A"])).code).toBe(1);
    expect(server.exchanges).toEqual([]);
    expect(
      (await call(cwd, ["list_readings", "--param", "station=A", "--allow-network", server.authority])).code,
    ).toBe(0);
  });

  it("shows the findings of a broken descriptor and ends with 1", async () => {
    const cwd = await folderWith({
      "weather.yaml": weather.replace("auth_type_ref: api_key", "auth_type_ref: none_such"),
    });
    const ran = await run(["call", "weather.yaml", "list_readings"], { cwd });
    expect(ran).toMatchObject({ code: 1, stdout: "" });
    expect(ran.stderr).toContain("none_such");
  });
});

describe("a connection file", () => {
  const args = ["list_readings", "--param", "station=A"];

  it("takes a whole value from the environment, once and unscanned", async () => {
    const server = await upstream(readings);
    const cwd = await setUp(
      server.authority,
      `connector: weather-desk\ncredentials: { api_token: "\${TOKEN}" }\nconfig: { base_url: "http://${server.authority}" }\nnetwork: { allow: [127.0.0.1] }\n`,
    );
    expect((await call(cwd, args, { TOKEN: `\${HOME}` })).code).toBe(0);
    expect(server.exchanges[0]?.token).toBe(`\${HOME}`);
    expect(await call(cwd, args)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("TOKEN, which is not set"),
    });
  });

  it("names what its proxy is not asked for, one or a list", async () => {
    const server = await upstream(readings);
    const text = `connector: weather-desk\ncredentials: { api_token: t }\nconfig: { base_url: "http://${server.authority}" }\nnetwork:\n  allow: [127.0.0.1]\n  proxy: "http://127.0.0.1:1"\n`;
    for (const [except, code] of [
      ["", 1],
      ["  proxy_except: [example.org]\n", 1],
      [`  proxy_except: "${server.authority}"\n`, 0],
      ["  proxy_except: [example.org, 127.0.0.0/8]\n", 0],
    ] as const)
      expect((await call(await setUp(server.authority, text + except), args)).code, except).toBe(code);
    expect(server.exchanges).toHaveLength(2);
  });

  it("speaks HTTP/2 where the server does, unless `http2: false`", async () => {
    const server = await startHttp2Server((response) => {
      response.setHeader("content-type", "application/json");
      response.end('{"readings":[]}');
    });
    const ca = server.ca.replace(/^/gm, "    ");
    const text = `connector: weather-desk\ncredentials: { api_token: t }\nconfig: { base_url: "${server.origin}" }\nnetwork:\n  allow: 127.0.0.1\n  ca: |\n${ca}\n`;
    for (const more of ["", "  http2: auto\n", "  http2: false\n"])
      expect(await call(await setUp("", text + more), args)).toMatchObject({ code: 0 });
    expect(server.requests.map(({ version }) => version)).toEqual(["2.0", "2.0", "1.1"]);
    await server.close();
  });

  it("leaves ${NAME} inside a longer value as it is", async () => {
    const server = await upstream(readings);
    const cwd = await setUp(
      server.authority,
      `connector: weather-desk\ncredentials: { api_token: "a\${TOKEN}" }\nconfig: { base_url: "http://${server.authority}" }\nnetwork: { allow: [127.0.0.1] }\n`,
    );
    expect(await call(cwd, args, { TOKEN: "x" })).toMatchObject({
      code: 0,
      stderr:
        "warning: connection.yaml: credentials.api_token holds ${ and is sent as it is; a variable is read only where ${NAME} is the whole value\n",
    });
    expect(server.exchanges[0]?.token).toBe("a${TOKEN}");
  });

  it("gives nothing where a credential is empty", async () => {
    const server = await upstream(readings);
    const cwd = await setUp(
      server.authority,
      `connector: weather-desk\ncredentials: { api_token: "" }\nconfig: { base_url: "http://${server.authority}" }\nnetwork: { allow: [127.0.0.1] }\n`,
    );
    expect(await call(cwd, args)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('needs "api_token"'),
    });
    expect((await call(cwd, args, { CONNECTOR_WEATHER_DESK_API_TOKEN: "t" })).code).toBe(0);
    expect(server.exchanges[0]?.token).toBe("t");
  });

  it("is filled up from CONNECTOR_<SLUG>_<KEY>, and wins over it", async () => {
    const server = await upstream(readings);
    const cwd = await setUp(
      server.authority,
      "connector: weather-desk\nconfig: { region: us }\nnetwork: { allow: [127.0.0.1] }\n",
    );
    const env = {
      CONNECTOR_WEATHER_DESK_API_TOKEN: "from-env",
      CONNECTOR_WEATHER_DESK_BASE_URL: `http://${server.authority}`,
      CONNECTOR_WEATHER_DESK_REGION: "eu",
    };
    expect((await call(cwd, args, env)).code).toBe(0);
    expect(server.exchanges).toMatchObject([{ url: "/us/readings?station=A", token: "from-env" }]);
  });

  it.each([
    ["is for another connector", "connector: other\n", /is for the connector "other", not for weather-desk/],
    ["names no connector", "credentials: { api_token: t }\n", /add `connector: weather-desk`/],
    [
      "has a setting under credentials",
      "connector: weather-desk\ncredentials: { base_url: a }\n",
      /base_url is a setting and stands under `credentials`; move it to `config`/,
    ],
    [
      "has a credential under config",
      "connector: weather-desk\nconfig: { api_token: t }\n",
      /api_token is a credential and stands under `config`; move it to `credentials`/,
    ],
    [
      "has a credential at the root",
      "connector: weather-desk\napi_token: t\n",
      /api_token is a credential; it belongs under `credentials`/,
    ],
    ["has an unknown key", "connector: weather-desk\nconfg: {}\n", /did you mean config\?/],
    [
      "has a variable under config",
      `connector: weather-desk\nconfig: { region: "\${REGION}" }\n`,
      /variables are read only under `credentials`/,
    ],
    ["names an unknown profile", "connector: weather-desk\nprofile: api_keys\n", /did you mean api_key\?/],
    ["is no map", "- a\n", /map/],
    ["is no YAML", "connector: [\n", /line \d+, column \d+/],
    [
      "has a network key misspelt",
      "connector: weather-desk\nnetwork: { alow: [] }\n",
      /did you mean allow\?/,
    ],
    [
      "asks for HTTP/2 at any price",
      "connector: weather-desk\nnetwork: { http2: true }\n",
      /network\.http2 must be auto or false/,
    ],
  ])("ends the command with 2 when it %s", async (_, text, sentence) => {
    const ran = await call(await setUp("127.0.0.1:1", text), args);
    expect(ran).toMatchObject({ code: 2, stdout: "" });
    expect(ran.stderr).toMatch(sentence);
  });

  it("is warned about when it holds a secret that others may read", async () => {
    const server = await upstream(readings);
    const cwd = await setUp(server.authority);
    await chmod(join(cwd, "connection.yaml"), 0o644);
    const ran = await call(cwd, args);
    expect(ran.code).toBe(0);
    expect(ran.stderr).toMatch(/^warning: connection\.yaml holds secrets .+chmod 600 connection\.yaml/);
  });

  it("ends the command with 2 when it is not there", async () => {
    const cwd = await folderWith({ "weather.yaml": weather });
    expect(await call(cwd, args)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("cannot open the connection file connection.yaml"),
    });
  });
});

describe("connector check", () => {
  it("calls the profile's test_endpoint, and ends with 1 when it refuses", async () => {
    const server = await upstream(({ token, url }) => ({
      status: url === "/me" && token === "s3cret-token" ? 200 : 401,
      body: {},
    }));
    const cwd = await setUp(server.authority);
    const good = await run(["check", "weather.yaml", "--connection", "connection.yaml"], { cwd });
    expect(good).toMatchObject({ code: 0, stderr: "" });
    expect(json(good)).toMatchObject({ ok: true, profile: "api_key", status: 200 });
    expect(server.exchanges[0]).toMatchObject({ method: "GET", url: "/me" });
    const refused = await upstream(() => ({ status: 401, body: {} }));
    const bad = await run(["check", "weather.yaml", "--connection", "connection.yaml"], {
      cwd: await setUp(refused.authority),
    });
    expect(bad).toMatchObject({ code: 1, stderr: expect.stringMatching(/^connector: .+\n$/) });
    expect(json(bad)).toMatchObject({
      ok: false,
      profile: "api_key",
      error: { code: expect.any(String), message: expect.any(String) },
    });
  });
});
