import { randomBytes } from "node:crypto";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import type { Transport } from "../../../runtime/ports.ts";
import type { Reply, TestServer } from "../../../runtime/testing/index.ts";
import {
  bytes,
  json,
  raw,
  rawBytes,
  redirect,
  sequence,
  startServer,
  status,
  text,
} from "../../../runtime/testing/index.ts";
import { acceptedCodings } from "../../../runtime/transport/body-decoder.ts";
import { exchange, start, transportTo, until, wireRequest } from "./support.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close();
});

async function serving(
  reply: Reply | Parameters<typeof startServer>[0],
): Promise<{ server: TestServer; transport: Transport }> {
  const routes = typeof reply === "function" ? reply : () => reply as Reply;
  const server = await startServer(routes);
  const transport = transportTo();
  open.push({ close: () => transport.close(0) }, server);
  return { server, transport };
}

describe("an exchange", () => {
  it("sends what it is given and tells its sink in order", async () => {
    const { server, transport } = await serving(
      json({ ok: true }, { status: 201, headers: { "x-a": ["1", "2"], "set-cookie": ["a=1", "b=2"] } }),
    );
    const told = await exchange(
      transport,
      wireRequest(server.origin, "/a%20b?q=1", {
        method: "POST",
        headers: ["content-type", "application/json", "x-key", "k"],
        body: `{"n":"ü"}`,
      }),
    );
    expect(told.events).toEqual(["connected", "sent", "head", "end"]);
    expect(told.status).toBe(201);
    expect(told.text()).toBe(`{"ok":true}`);
    expect(told.body?.framing).toBe("length");
    expect(told.headers?.get("x-a")).toBe("1, 2");
    expect(told.headers?.get("absent")).toBeUndefined();
    expect(told.headers?.get("constructor")).toBeUndefined();
    expect(told.headers?.setCookie).toEqual(["a=1", "b=2"]);
    expect([...(told.headers?.entries() ?? [])]).toContainEqual(["set-cookie", "b=2"]);
    expect(server.requests[0]).toMatchObject({ method: "POST", target: "/a%20b?q=1", json: { n: "ü" } });
    expect(server.requests[0]?.rawHeaders).toEqual([
      ["host", `127.0.0.1:${server.port}`],
      ["connection", "keep-alive"],
      ["content-type", "application/json"],
      ["x-key", "k"],
      ["accept-encoding", acceptedCodings],
      ["content-length", "10"],
    ]);
  });

  it("leaves a given accept-encoding alone and sends bytes as they are", async () => {
    const { server, transport } = await serving(text("ok"));
    const body = new Uint8Array([0, 255, 10, 13]);
    await exchange(
      transport,
      wireRequest(server.origin, "/", { method: "PUT", headers: ["accept-encoding", "identity"], body }),
    );
    expect(server.requests[0]?.headers["accept-encoding"]).toBe("identity");
    expect([...(server.requests[0]?.body ?? [])]).toEqual([0, 255, 10, 13]);
  });

  it("uses one connection for requests that follow each other", async () => {
    const { server, transport } = await serving(json({}));
    for (let n = 0; n < 5; n++)
      expect((await exchange(transport, wireRequest(server.origin, "/"))).error).toBeUndefined();
    expect(new Set(server.requests.map((request) => request.connection)).size).toBeLessThanOrEqual(2);
  });

  it("follows no redirect", async () => {
    const { server, transport } = await serving(redirect("/elsewhere"));
    const told = await exchange(transport, wireRequest(server.origin, "/"));
    expect([told.status, told.headers?.get("location"), server.requests.length]).toEqual([
      302,
      "/elsewhere",
      1,
    ]);
  });

  it("knows how each body ends", async () => {
    const { server, transport } = await serving(
      sequence(
        status(204),
        rawBytes(
          "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ntrailer: x-sum\r\n\r\n2\r\nab\r\n0\r\nx-sum: 7\r\n\r\n",
        ),
        rawBytes("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nabc"),
        rawBytes(
          "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nx",
        ),
      ),
    );
    const seen: unknown[] = [];
    for (let n = 0; n < 4; n++) {
      const told = await exchange(transport, wireRequest(server.origin, "/"));
      seen.push([told.status, told.body?.framing, told.text(), told.trailers?.get("x-sum")]);
    }
    expect(seen).toEqual([
      [204, "none", "", undefined],
      [200, "chunked", "ab", "7"],
      [200, "close", "abc", undefined],
      [200, "length", "x", undefined],
    ]);
    const head = await exchange(transport, wireRequest(server.origin, "/", { method: "HEAD" }));
    expect(head.body?.framing).toBe("none");
  });

  const plain = Buffer.from(JSON.stringify({ text: "x".repeat(5_000) }));
  const coded: [string, Uint8Array, string][] = [
    ["gzip", gzipSync(plain), "gzip"],
    ["x-gzip", gzipSync(plain), " X-Gzip "],
    ["br", brotliCompressSync(plain), "br"],
    ["deflate", deflateSync(plain), "deflate"],
    ["bare deflate", deflateRawSync(plain), "deflate"],
    ["identity", plain, "identity"],
  ];
  it.each(coded)("undoes %s", async (_name, body, coding) => {
    const { server, transport } = await serving(bytes(body, { headers: { "content-encoding": coding } }));
    const told = await exchange(transport, wireRequest(server.origin, "/"));
    expect(told.text()).toBe(plain.toString());
    expect(told.events.at(-1)).toBe("end");
  });

  it("takes an empty body for empty, whatever its coding says", async () => {
    const { server, transport } = await serving({ headers: { "content-encoding": "gzip" } });
    const told = await exchange(transport, wireRequest(server.origin, "/"));
    expect([told.events.at(-1), told.text()]).toEqual(["end", ""]);
  });

  it.each(["gzip, lzma", "gzip, gzip, gzip, gzip", "compress", "__proto__"])(
    "refuses the content-encoding %s",
    async (coding) => {
      const { server, transport } = await serving(bytes(plain, { headers: { "content-encoding": coding } }));
      const told = await exchange(transport, wireRequest(server.origin, "/"));
      expect(told.error?.kind).toBe("decode");
      expect(told.chunks).toEqual([]);
    },
  );

  it.each([
    ["a header value", { headers: ["x-a", "1\r\nx-b: 2"] }],
    ["a header name", { headers: ["x a", "1"] }],
    ["the method", { method: "GE T" }],
    ["the path", { path: "/a b" }],
    ["a length of its own", { headers: ["transfer-encoding", "chunked"] }],
  ])("ends in fail where %s is not HTTP, and keeps the connection", async (_what, more) => {
    const { server, transport } = await serving(json({}));
    const bad = wireRequest(server.origin, "/", more);
    expect((await exchange(transport, bad)).error).toMatchObject({ kind: "protocol", sent: false });
    expect((await exchange(transport, bad)).error).toMatchObject({ kind: "protocol", sent: false });
    expect((await exchange(transport, wireRequest(server.origin, "/"))).status).toBe(200);
    expect([server.connections, server.requests.length]).toEqual([1, 1]);
  });

  it("is not disturbed by a sink that pauses and resumes", async () => {
    const body = Buffer.alloc(3_000_000, "abc");
    for (const reply of [
      bytes(body),
      bytes(gzipSync(body, { level: 0 }), { headers: { "content-encoding": "gzip" } }),
    ]) {
      const { server, transport } = await serving(reply);
      const running = start(transport, wireRequest(server.origin, "/"), {
        data() {
          running.soFar.body?.pause();
          setTimeout(() => running.soFar.body?.resume(), 1);
        },
      });
      const told = await running.told;
      expect(Buffer.concat(told.chunks).equals(body)).toBe(true);
    }
  });

  it.each(["identity", "gzip"])("holds the server back while it is paused: %s", async (coding) => {
    const piece = randomBytes(65_536);
    const chunk = coding === "gzip" ? gzipSync(piece) : piece; // gzip members may follow each other
    let written = 0;
    const { server, transport } = await serving(
      raw((wire) => {
        wire.write(`HTTP/1.1 200 OK\r\ncontent-length: 500000000\r\ncontent-encoding: ${coding}\r\n\r\n`);
        const pump = (): void => {
          do written += chunk.length;
          while (wire.socket.write(chunk) && !wire.socket.destroyed);
        };
        wire.socket.on("drain", pump);
        pump();
      }),
    );
    const limits = { maxBytes: 1e9, maxRatio: 100 };
    const running = start(transport, wireRequest(server.origin, "/", { limits }), {
      head: (_s, _h, body) => body.pause(),
    });
    await until(() => running.soFar.status === 200, "the head is there");
    let stalledAt = -1;
    while (stalledAt !== written) {
      stalledAt = written;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(written).toBeLessThan(50_000_000);
    running.soFar.body?.resume();
    await until(() => written > stalledAt + 10_000_000, "it flows again");
    running.abort();
  });
});

describe("abort", () => {
  it("ends a running exchange in silence and frees its socket", async () => {
    const { server, transport } = await serving(
      raw((wire) => wire.write("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc")),
    );
    const running = start(transport, wireRequest(server.origin, "/"));
    await until(() => running.soFar.chunks.length > 0, "the body has begun");
    running.abort();
    await until(() => server.open === 0, "the socket is closed");
    expect(running.soFar.events).toEqual(["connected", "sent", "head"]);
    expect(transport.inspect()).toEqual([]);
  });

  it("before the connection is made, sends nothing and tells nothing", async () => {
    const { server, transport } = await serving(json({}));
    const running = start(transport, wireRequest(server.origin, "/"));
    running.abort();
    expect((await exchange(transport, wireRequest(server.origin, "/next"))).status).toBe(200);
    expect(server.requests.map(({ path }) => path)).toEqual(["/next"]);
    expect(running.soFar.events).toEqual([]);
  });

  it("from inside each of the sink's calls is the last of them", async () => {
    const { server, transport } = await serving(json({ a: 1 }));
    for (const [at, expected] of [
      ["connected", ["connected"]],
      ["sent", ["connected", "sent"]],
      ["head", ["connected", "sent", "head"]],
    ] as const) {
      const running = start(transport, wireRequest(server.origin, "/"), { [at]: () => running.abort() });
      await until(() => running.soFar.events.includes(at), `${at} is told`);
      expect((await exchange(transport, wireRequest(server.origin, "/"))).status).toBe(200);
      expect(running.soFar.events).toEqual(expected);
    }
    expect(server.times("/")).toBe(1 + 3); // aborted before `head`, none of its bytes had been written
  });
});
