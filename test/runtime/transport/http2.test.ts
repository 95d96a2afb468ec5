/** HTTP/2 with a server that keeps to the rules: Node's own. */
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import type { BodyStream, Transport } from "../../../runtime/ports.ts";
import { createCertificate, json, startServer } from "../../../runtime/testing/index.ts";
import type { NetworkOptions } from "../../../runtime/transport/undici-transport.ts";
import { type Http2Handler, type Http2Server, startHttp2Server } from "../../support/http2/server.ts";
import { exchange, loopback, start, transportTo, until, wireRequest } from "./support.ts";

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0).toReversed()) await thing.close();
});

function transport(network: NetworkOptions): Transport {
  const made = transportTo({ ...loopback, ...network });
  open.push({ close: () => made.close(0) });
  return made;
}

async function serving(
  handler?: Http2Handler,
  network: NetworkOptions = {},
  options: Parameters<typeof startHttp2Server>[1] = {},
): Promise<{ server: Http2Server; to: Transport; ask: (more?: object) => ReturnType<typeof exchange> }> {
  const server = await startHttp2Server(handler, options);
  open.push(server);
  const to = transport({ ca: server.ca, ...network });
  return { server, to, ask: (more = {}) => exchange(to, wireRequest(server.origin, "/x?y=1", more)) };
}

const versions = ({ requests }: Http2Server): readonly string[] => requests.map(({ version }) => version);

function streamOf(pieces: readonly string[], length?: number): BodyStream {
  return {
    length,
    failure: undefined,
    cancel: () => {},
    async *[Symbol.asyncIterator]() {
      for (const piece of pieces) yield Buffer.from(piece);
    },
  };
}

describe("HTTP/2", () => {
  it("is spoken where the server offers it, and said by inspect()", async () => {
    const { server, to, ask } = await serving();
    expect([(await ask()).text(), versions(server)]).toEqual(['{"ok":true}', ["2.0"]]);
    expect(to.inspect()).toEqual([{ origin: server.origin, running: 0, waiting: 0, protocol: "2" }]);
  });

  it("is not spoken where it is switched off", async () => {
    const { server, to, ask } = await serving(undefined, { http2: false });
    expect([(await ask()).text(), versions(server)]).toEqual(['{"ok":true}', ["1.1"]]);
    expect(to.inspect()).toEqual([{ origin: server.origin, running: 0, waiting: 0 }]);
  });

  it("gives way to HTTP/1.1 on the same socket where the server knows no better, and all the sockets are used", async () => {
    const tls = createCertificate();
    const server = await startServer({ "* /*": json({ ok: true }, { delayMs: 20 }) }, { tls });
    open.push(server);
    const to = transport({ ca: tls.cert });
    expect((await exchange(to, wireRequest(server.origin, "/x"))).body?.protocol).toBe("1.1");
    expect(server.connections).toBe(1);
    await Promise.all(Array.from({ length: 8 }, () => exchange(to, wireRequest(server.origin, "/x"))));
    expect(server.connections).toBeGreaterThan(4);
  });

  it("carries a burst on one connection", async () => {
    const { server, ask } = await serving();
    const told = await Promise.all(Array.from({ length: 100 }, () => ask()));
    expect([told.filter(({ status }) => status === 200).length, server.connections]).toEqual([100, 1]);
  });

  it("has as many streams open as the server and the bound for an origin allow", async () => {
    let inside = 0;
    let most = 0;
    const sessions = new Map<unknown, number>();
    const { server, ask } = await serving(
      (response, { request }) => {
        const session = request.stream.session;
        sessions.set(session, (sessions.get(session) ?? 0) + 1);
        expect(sessions.get(session)).toBeLessThanOrEqual(4);
        most = Math.max(most, ++inside);
        setTimeout(() => {
          inside--;
          sessions.set(session, (sessions.get(session) ?? 0) - 1);
          response.end();
        }, 10);
      },
      { connectionsPerOrigin: 6 },
      { settings: { maxConcurrentStreams: 4 } },
    );
    const told = await Promise.all(Array.from({ length: 60 }, () => ask()));
    expect([told.filter(({ status }) => status === 200).length, most, server.connections]).toEqual([
      60, 6, 2,
    ]);
  });

  it("goes on over a new connection where the server shuts the old one down; what runs there ends well", async () => {
    const held: (() => void)[] = [];
    const { server, ask } = await serving((response, { number }) => {
      if (number === 1) held.push(() => response.end("late"));
      else response.end("soon");
    });
    const first = ask({ method: "POST", body: "{}", idempotent: false });
    await until(() => held.length === 1, "the first is there");
    server.shutDown();
    // What crosses the GOAWAY on its way is known to be safe to send again.
    for (let soon = 0; soon < 3; ) {
      const told = await ask({ method: "POST", body: "{}", idempotent: false });
      if (told.text() === "soon") soon++;
      else expect(told.error).toMatchObject({ kind: "reset", nothingDone: true });
    }
    held[0]?.();
    expect((await first).text()).toBe("late");
    expect(server.connections).toBe(2);
    await until(() => server.open <= 1, "the old connection is closed");
  });

  it("leaves no socket when the transport closes, with exchanges running and without", async () => {
    for (const busy of [true, false]) {
      const { server, to, ask } = await serving((response) => void (busy || response.end()));
      const running = ask();
      if (busy) await until(() => server.requests.length === 1, "the request is there");
      else await running;
      await to.close(0);
      if (busy) expect((await running).error).toMatchObject({ kind: "closed", sent: true });
      await until(() => server.open === 0, "all sockets are closed");
    }
  });
});

describe("a request over HTTP/2", () => {
  it("has its pseudo-headers, no header of connections, and all others as they are", async () => {
    const { server, ask } = await serving();
    const headers = [
      ...["x-a", "1", "x-a", "2", "cookie", "a=b; c=d", "authorization", "Bearer ü~\t!", "__proto__", "x"],
      ...[
        "connection",
        "close",
        "keep-alive",
        "5",
        "transfer-encoding",
        "chunked",
        "upgrade",
        "h2c",
        "te",
        "gzip",
      ],
      ...["proxy-connection", "close", "http2-settings", "x", "host", "elsewhere.example"],
    ];
    expect((await ask({ method: "POST", body: "é", headers })).status).toBe(200);
    const [request] = server.requests;
    expect(Object.entries(request?.headers ?? {}).sort()).toEqual(
      Object.entries({
        ["__proto__"]: "x",
        ":authority": server.origin.slice(8),
        ":method": "POST",
        ":path": "/x?y=1",
        ":scheme": "https",
        "accept-encoding": expect.stringContaining("gzip"),
        authorization: "Bearer ü~\t!",
        "content-length": "2",
        cookie: "a=b; c=d",
        "x-a": "1, 2",
      }).sort(),
    );
    expect(request?.body.toString()).toBe("é");
  });

  it.each([
    ["bytes", Buffer.from([0, 255, 10]), "3", Buffer.from([0, 255, 10])],
    ["a stream of a known length", streamOf(["ab", "", "cde"], 5), "5", Buffer.from("abcde")],
    ["a stream of unknown length", streamOf(["ab", "cde"]), undefined, Buffer.from("abcde")],
    ["an empty stream", streamOf([]), undefined, Buffer.alloc(0)],
    ["an empty text", "", "0", Buffer.alloc(0)],
    ["nothing", undefined, "0", Buffer.alloc(0)],
  ])("carries %s", async (_, body, length, arrived) => {
    const { server, ask } = await serving();
    expect((await ask({ method: "POST", body })).status).toBe(200);
    expect([server.requests[0]?.headers["content-length"], server.requests[0]?.body]).toEqual([
      length,
      arrived,
    ]);
  });

  it("carries a large body as fast as it is taken, beside others", async () => {
    const { server, ask } = await serving();
    const pieces = Array.from({ length: 80 }, (_, n) => String.fromCharCode(97 + (n % 26)).repeat(100_000));
    const large = ask({ method: "POST", body: streamOf(pieces) });
    const beside = await Promise.all(Array.from({ length: 5 }, () => ask()));
    expect(beside.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect((await large).status).toBe(200);
    expect(server.requests.find(({ method }) => method === "POST")?.body.toString()).toBe(pieces.join(""));
  });

  it.each([
    ["a line break in a value", { headers: ["x-a", "1\r\nx-b: 2"] }],
    ["a NUL in a value", { headers: ["x-a", "1\0x-b\x002"] }],
    ["a character whose low byte is a line break", { headers: ["x-a", "\u010d\u010a"] }],
    ["a name that is no token", { headers: ["x a", "1"] }],
    ["a name in capitals", { headers: ["X-A", "1"] }],
    ["a pseudo-header", { headers: [":path", "/other"] }],
    ["a space in the path", { path: "/x HTTP/1.1" }],
    ["a path that is none", { path: "https://elsewhere.example/" }],
    ["a method that is no token", { method: "GET /" }],
    ["more headers than any server takes", { headers: ["x-a", "y".repeat(40_000)] }],
  ])("with %s is refused before a byte of it is sent, and the session goes on", async (_, more) => {
    const { server, ask } = await serving();
    expect((await ask(more)).error).toMatchObject({ kind: "protocol", sent: false });
    expect([(await ask()).status, server.requests.length, server.connections]).toEqual([200, 1, 1]);
  });
});

describe("an answer over HTTP/2", () => {
  it("waits for a slow reader, at the server, and holds up no other", async () => {
    const chunk = Buffer.alloc(64 * 1024);
    const size = 20 * 1024 * 1024;
    let written = 0;
    const { server, to, ask } = await serving((response, { method }) => {
      if (method === "GET") return void response.end("beside");
      const more = (): void => {
        while (written < size) {
          written += chunk.length;
          if (!response.write(chunk)) return void response.once("drain", more);
        }
        response.end();
      };
      more();
    });
    let read = 0;
    const limits = { maxBytes: 2 * size, maxRatio: 100 };
    const running = start(to, wireRequest(server.origin, "/", { method: "POST", limits }), {
      head: (_status, _headers, body) => body.pause(),
      data: (piece) => {
        read += piece.length;
      },
    });
    await until(() => running.soFar.body !== undefined, "the head is there");
    let before = -1;
    // Until the server can write no more.
    while (written > before) {
      before = written;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect([read < 1024 * 1024, written < 4 * 1024 * 1024]).toEqual([true, true]);
    expect((await ask()).text()).toBe("beside");
    running.soFar.body?.resume();
    expect((await running.told).error).toBeUndefined();
    expect(read).toBe(size);
  });

  it.each([
    ["HEAD", 200, "none"],
    ["GET", 204, "none"],
    ["GET", 304, "none"],
    ["GET", 200, "chunked"],
  ])("to %s with %s has a body that is %s", async (method, status, framing) => {
    const { ask } = await serving((response) => {
      response.statusCode = status;
      // RFC 9110, section 8.6: the length that a 200 would have.
      if (status === 304) response.setHeader("content-length", 4);
      response.end(method === "GET" && status === 200 ? "text" : "");
    });
    const told = await ask({ method });
    expect([told.error, told.status, told.body?.framing]).toEqual([undefined, status, framing]);
  });

  it("is undone of its coding, within the limits; one that is too much costs only its own stream", async () => {
    const { server, ask } = await serving((response, { number }) => {
      response.setHeader("content-encoding", "gzip");
      response.end(gzipSync(number === 1 ? "hello" : Buffer.alloc(20 * 1024 * 1024)));
    });
    expect((await ask()).text()).toBe("hello");
    expect((await ask()).error).toMatchObject({ kind: "too_large" });
    expect(server.connections).toBe(1);
  });
});

it("a server that wants HTTP/1.1 after all gets it from then on", async () => {
  const { server, ask } = await serving((response, { version }) => {
    if (version === "1.1") response.end("fine");
    else response.stream.close(13);
  });
  expect((await ask({ method: "POST", body: "{}" })).error).toMatchObject({ kind: "reset", sent: true });
  expect([(await ask()).text(), (await ask()).text()]).toEqual(["fine", "fine"]);
  expect(versions(server)).toEqual(["2.0", "1.1", "1.1"]);
});
