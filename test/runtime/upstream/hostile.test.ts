import { expect, onTestFinished, test } from "vitest";
import type { Sink } from "../../../runtime/index.ts";
import {
  createFakeClock,
  type Handler,
  type ReceivedRequest,
  type Reply,
  startServer,
} from "../../../runtime/testing/index.ts";
import { EventFold } from "../../../runtime/transport/event-fold.ts";
import { textHeaders } from "../../../runtime/transport/rpc-message.ts";
import { connected, overHttp, shop } from "./support.ts";
import { tools } from "./tools.mjs";

const canary = "t0p-secret-canary-4711";
const bearer = "[{ type: bearer }]";

/** A server of the newest revision whose answer to a call the test makes up. */
async function scripted(call: Handler, list: () => Reply = () => result({ tools: tools() })) {
  const server = await startServer((request, context) => {
    const { method } = request.json as { method: string };
    if (method === "server/discover") return result({ supportedVersions: ["2026-07-28"], capabilities: {} });
    return method === "tools/list" ? list() : call(request, context);
  });
  onTestFinished(() => server.close());
  const connection = await connected(shop(overHttp, "", bearer), {
    runtime: { network: { allow: [server.host] } },
    connect: {
      config: { base_url: `${server.origin}/mcp` },
      credentials: { token: canary },
      timeoutMs: 5_000,
    },
  });
  return { server, connection };
}

function result(value: object): Reply {
  return { json: { jsonrpc: "2.0", id: 1, result: value } };
}

function events(...parts: readonly string[]): Reply {
  return { headers: { "content-type": "text/event-stream" }, text: parts.join("") };
}

const data = '{"jsonrpc":"2.0","id":1,"result":{"content":[],"structuredContent":{"n":9007199254740993}}}';

test.each<readonly [string, Reply, unknown]>([
  [
    "with other messages before it",
    events('data: {"jsonrpc":"2.0","method":"notifications/progress"}\n\n', `id: 1\r\ndata: ${data}\r\n\r\n`),
    { n: "9007199254740993" },
  ],
  [
    "over several lines",
    events(
      ": comment\n",
      'event: message\ndata: {"jsonrpc":"2.0","id":1,\ndata: "result":{"content":[]}}\n\n',
    ),
    null,
  ],
  [
    "with bytes that split a character",
    {
      headers: { "content-type": "text/event-stream" },
      bytes: Buffer.from(`data: {"jsonrpc":"2.0","id":1,"result":{"structuredContent":["ü"]}}\n\n`),
    },
    ["ü"],
  ],
])("an answer as events %s is read", async (_, reply, expected) => {
  const { connection } = await scripted(() => reply);
  expect((await connection.call("count")).data).toEqual(expected);
});

test("a stream that stays open behind its answer is closed by us", async () => {
  const { connection, server } = await scripted(() => ({
    raw: (wire) => wire.write(`HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\ndata: ${data}\n\n`),
  }));
  expect((await connection.call("count")).data).toEqual({ n: "9007199254740993" });
  expect(server.times("/mcp")).toBe(3);
});

test.each<readonly [string, Reply, string]>([
  ["no JSON-RPC", { json: { hello: "world" } }, "response_invalid"],
  ["a page of HTML", { headers: { "content-type": "text/html" }, text: "<html>" }, "response_invalid"],
  ["a stream without an answer", events("data: {}\n\n"), "network_error"],
  [
    "a refusal",
    { json: { jsonrpc: "2.0", id: 1, error: { code: -32602, message: `bad ${canary}` } } },
    "upstream_error",
  ],
  ["a wish for further input", result({ resultType: "input_required", inputRequests: {} }), "unsupported"],
  ["a redirect", { status: 307, headers: { location: "https://elsewhere.example.com/" } }, "upstream_error"],
  [
    "a failure that repeats what was sent",
    result({ isError: true, content: [{ type: "text", text: `Bearer ${canary}\u0000` }] }),
    "upstream_error",
  ],
])("%s is an error without secrets", async (_, reply, code) => {
  const { connection } = await scripted(() => reply);
  const outcome = await connection.attempt("create_order");
  expect(outcome).toMatchObject({ ok: false, error: { code } });
  if (outcome.ok) return;
  const { error } = outcome;
  expect(`${error.message} ${error.stack} ${JSON.stringify(error.details)}`).not.toContain(canary);
});

test("a list of tools that does not end is given up", async () => {
  let page = 0;
  const { connection } = await scripted(
    () => result({}),
    () => result({ tools: [], nextCursor: `page ${page++ % 3}` }),
  );
  const outcome = await connection.attempt("count");
  expect(outcome).toMatchObject({ ok: false, error: { message: expect.stringContaining("does not end") } });
  expect(page).toBe(4);
});

test("of two tools of one name neither is called", async () => {
  const { connection, server } = await scripted(
    () => result({}),
    () => result({ tools: [...tools(), ...tools()] }),
  );
  expect(await connection.attempt("count")).toMatchObject({ ok: false, error: { code: "policy_denied" } });
  expect(server.requests.some(isCall)).toBe(false);
});

test("the server is judged as any destination: a private address is refused before anything is sent", async () => {
  const server = await startServer(() => result({}));
  onTestFinished(() => server.close());
  const connection = await connected(shop(overHttp), {
    connect: { config: { base_url: server.origin.replace("http:", "https:") } },
  });
  expect(await connection.attempt("count")).toMatchObject({
    ok: false,
    error: { code: "destination_blocked" },
  });
  expect(server.requests).toEqual([]);
});

test("calls wait for the limits of the descriptor, the handshake and the list included", async () => {
  const server = await startServer(({ json }) => {
    const { method } = json as { method: string };
    if (method === "tools/list") return result({ tools: tools() });
    return method === "tools/call" ? result({ content: [] }) : result({ supportedVersions: ["2026-07-28"] });
  });
  onTestFinished(() => server.close());
  const limits = "rate_limits: [{ scope: per_connection, limit: 3, interval_seconds: 3600, burst: 0 }]";
  const connection = await connected(shop(overHttp, limits), {
    runtime: { network: { allow: [server.host] } },
    connect: { config: { base_url: server.origin } },
  });
  await connection.call("count");
  expect(await connection.attempt("count")).toMatchObject({ ok: false, error: { code: "rate_limited" } });
  expect(server.requests).toHaveLength(3);
});

function isCall({ text }: ReceivedRequest): boolean {
  return text.includes("tools/call");
}

test("events are read whatever pieces they come in", () => {
  const bytes = Buffer.from(
    `data: {"jsonrpc":"2.0","method":"ping","id":7}\r\n\r\ndata: {"id":1,"result":["ü€😀"]}\r\n\r\n`,
  );
  for (const size of [1, 2, 3, 5, 7, 1000]) {
    let told = "";
    const sink: Sink = {
      head: (status) => {
        told += status;
      },
      data: (chunk) => {
        told += Buffer.from(chunk).toString();
      },
      end: () => {
        told += " end";
      },
      fail: ({ kind }) => {
        told += kind;
      },
    };
    const fold = new EventFold(sink, createFakeClock(), () => {});
    fold.start(() => () => {});
    fold.head(200, textHeaders(["content-type", "text/event-stream; charset=utf-8"]), {
      framing: "chunked",
      pause: () => {},
      resume: () => {},
    });
    for (let at = 0; at < bytes.length; at += size) fold.data(bytes.subarray(at, at + size));
    fold.end();
    expect(told).toBe('200{"id":1,"result":["ü€😀"]} end');
  }
});
