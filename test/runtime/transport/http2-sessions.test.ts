/** What becomes of HTTP/2 sessions: their number of streams, their age, their end; and the ways that lead to them. */
import { createServer, connect as dial, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { afterEach, describe, expect, it } from "vitest";
import { systemClock } from "../../../runtime/clock.ts";
import { createCertificate, createFakeClock } from "../../../runtime/testing/index.ts";
import { createConnector, trusting } from "../../../runtime/transport/connect.ts";
import { Exchange } from "../../../runtime/transport/exchange.ts";
import { parseNetworkRules } from "../../../runtime/transport/network-rules.ts";
import { OriginPool } from "../../../runtime/transport/origin-pool.ts";
import { createTransport, type NetworkOptions } from "../../../runtime/transport/undici-transport.ts";
import * as h2 from "../../support/http2/frames.ts";
import { type RawHandlers, type RawWire, startRawServer } from "../../support/http2/raw-server.ts";
import { startHttp2Server } from "../../support/http2/server.ts";
import { exchange, loopback, start, transportTo, until, wireRequest } from "./support.ts";

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0).toReversed()) await thing.close();
});

const clientCertificate = (id: string) => {
  const { cert, key } = createCertificate({ hosts: [id] });
  return { id, certificate: cert, key };
};

/** A proxy that opens tunnels to loopback, itself reached over TLS where it has a certificate. */
async function startTunnels(tls?: {
  readonly key: string;
  readonly cert: string;
}): Promise<{ port: number; asked: string[]; close(): Promise<void> }> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const serve = (socket: Socket): void => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.once("data", (chunk) => {
      const authority = /^CONNECT (\S+) /.exec(chunk.toString("latin1"))?.[1] ?? "";
      asked.push(authority);
      const onward = dial(Number(authority.split(":")[1]), "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
        socket.pipe(onward).pipe(socket);
      });
      sockets.add(onward);
      onward.on("error", () => socket.destroy());
    });
  };
  const server = tls ? createTlsServer(tls, serve) : createServer(serve);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    asked,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function raw(handlers: RawHandlers, network: NetworkOptions = {}, clock = systemClock) {
  const server = await startRawServer(handlers);
  const to = createTransport({ network: { ...loopback, ca: server.ca, ...network }, clock });
  open.push(server, { close: () => to.close(0) });
  return { server, to, ask: (more = {}) => exchange(to, wireRequest(server.origin, "/x", more)) };
}

describe("the server's number of streams", () => {
  const mostStreams = 3; // RFC 9113, section 6.5.2

  it("is kept to when it changes", async () => {
    const waiting: [RawWire, number][] = [];
    const { ask } = await raw({
      open: (wire) => wire.send(h2.settings({ [mostStreams]: 1 })),
      request: ({ wire, stream }) => waiting.push([wire, stream]),
    });
    const answer = (): void => {
      const [next] = waiting.splice(0, 1);
      next?.[0].answer(next[1], "hello");
    };
    // The first is alone until the server has let in more.
    const first = ask();
    await until(() => waiting.length === 1, "the first is there");
    waiting[0]?.[0].send(h2.settings({ [mostStreams]: 10 }));
    const others = Array.from({ length: 6 }, () => ask());
    await until(() => waiting.length === 7, "all are there");
    expect(waiting.filter(([wire]) => wire.number === 1).length).toBeGreaterThan(1);
    // From here on two at a time.
    waiting[0]?.[0].send(h2.settings({ [mostStreams]: 2 }));
    while (waiting.length > 0) answer();
    expect((await Promise.all([first, ...others])).map(({ status }) => status)).toEqual(
      new Array(7).fill(200),
    );
    const more = Array.from({ length: 4 }, () => ask());
    await until(() => waiting.length === 4, "they are there");
    const perWire = [1, 2, 3].map((number) => waiting.filter(([wire]) => wire.number === number).length);
    expect(perWire.every((count) => count <= 2)).toBe(true);
    while (waiting.length > 0) answer();
    expect((await Promise.all(more)).map(({ status }) => status)).toEqual(new Array(4).fill(200));
  });

  it("may be none: the session ends, and nothing is sent on one that has none", async () => {
    const clock = createFakeClock(1_000); // how long a connection takes here depends on the machine
    const { server, to, ask } = await raw(
      {
        open: (wire) => wire.send(h2.settings({ [mostStreams]: wire.number === 1 ? 100 : 0 })),
        request: ({ wire, stream }) => {
          wire.answer(stream, "hello");
          wire.send(h2.settings({ [mostStreams]: 0 }));
        },
      },
      { connectTimeoutMs: 200 },
      clock,
    );
    expect((await ask()).text()).toBe("hello");
    await until(() => server.open === 0, "the session is closed");
    const count = (kind: number): number => server.frames.filter(({ type }) => type === kind).length;
    const settings = count(h2.type.settings);
    const { told } = start(to, wireRequest(server.origin, "/x"));
    // Its settings, and that it has taken the server's.
    await until(() => count(h2.type.settings) === settings + 2, "the second session knows its limit");
    await clock.advance(200);
    expect((await told).error).toMatchObject({ kind: "timeout", sent: false });
    expect([server.connections, count(h2.type.headers)]).toEqual([2, 1]);
  });
});

describe("a session", () => {
  it("that answers nothing any more costs no exchange after the next PING", async () => {
    const clock = createFakeClock(1_000);
    const { server, to, ask } = await raw(
      { whole: ({ wire, stream }) => wire.number > 1 && wire.answer(stream, "hello") },
      {},
      clock,
    );
    const running = start(to, wireRequest(server.origin, "/x"));
    await until(() => server.frames.some(({ type }) => type === h2.type.headers), "the request is there");
    running.abort();
    await until(() => server.frames.some(({ type }) => type === h2.type.ping), "the server is asked");
    await clock.advance(5_000);
    await until(() => server.open === 0, "the session is given up");
    expect((await ask()).text()).toBe("hello");
    expect([server.connections, clock.pending()]).toEqual([2, 0]);
  });

  it("that answers the PING goes on", async () => {
    const clock = createFakeClock(1_000);
    let count = 0;
    const { server, to, ask } = await raw(
      {
        whole: ({ wire, stream }) => ++count > 1 && wire.answer(stream, "hello"),
        frame: ({ type, flags, payload }, wire) => {
          if (type === h2.type.ping && flags === 0) wire.send(h2.frame(type, h2.flag.ack, 0, payload));
        },
      },
      {},
      clock,
    );
    const running = start(to, wireRequest(server.origin, "/x"));
    await until(() => count === 1, "the request is there");
    running.abort();
    await until(
      () => clock.pending() === 0 && server.frames.some(({ type }) => type === h2.type.ping),
      "it is asked",
    );
    expect([(await ask()).text(), server.connections]).toEqual(["hello", 1]);
  });

  it("that nobody uses is closed after a while, and lets the pool go", async () => {
    const server = await startHttp2Server();
    open.push(server);
    const rules = parseNetworkRules(["127.0.0.0/8"]);
    const target = { host: "127.0.0.1", port: server.port, secure: true, named: false };
    const settings = { rules, timeoutMs: 30_000, clock: systemClock, secureContext: trusting(server.ca) };
    let empty = false;
    const pool = new OriginPool({
      origin: server.origin,
      connect: createConnector(target, settings),
      connections: 4,
      http2: true,
      settings: { headersTimeoutMs: 30_000, bodyTimeoutMs: 30_000, idleMs: 50 },
      clock: systemClock,
      onEmpty: () => {
        empty = true;
      },
    });
    const status = await new Promise((resolve) =>
      pool.send(
        new Exchange(
          wireRequest(server.origin, "/"),
          { head: resolve, data: () => {}, end: () => {}, fail: resolve },
          () => {},
        ),
      ),
    );
    expect(status).toBe(200);
    await until(() => server.open === 0 && empty, "the session is closed");
    await pool.close();
  });

  it("stays open while a slow answer comes", async () => {
    const { server, ask } = await raw({
      request: ({ wire, stream }) => {
        wire.head(stream, 200);
        let left = 5;
        const more = (): void => {
          wire.data(stream, "x", left-- === 0);
          if (left >= 0) setTimeout(more, 30);
        };
        more();
      },
    });
    expect([(await ask()).text(), server.connections]).toEqual(["xxxxxx", 1]);
  });
});

describe("the socket below HTTP/2", () => {
  it("is judged by its own address before a byte is written", async () => {
    let received = 0;
    const listener = createServer((socket) => {
      socket
        .on("error", () => {})
        .on("data", (chunk) => {
          received += chunk.length;
        });
    });
    await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
    const address = listener.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const target = { host: "127.0.0.1", port, secure: true, named: false };
    const settings = { rules: parseNetworkRules([]), timeoutMs: 30_000, clock: systemClock };
    const result = await new Promise((resolve) => void createConnector(target, settings)(resolve, true));
    expect(result).toMatchObject({ failure: { kind: "blocked" } });
    await new Promise<void>((resolve) => listener.close(() => resolve()));
    expect(received).toBe(0);
  });

  it("shows the client's certificate, and each client has sessions of its own", async () => {
    const server = await startHttp2Server(
      (response, { request }) => {
        const { socket } = request.stream.session ?? {};
        const shown =
          socket !== undefined && "getPeerCertificate" in socket
            ? socket.getPeerCertificate().raw
            : undefined;
        response.end(shown?.toString("base64") ?? "");
      },
      { requestCert: true, rejectUnauthorized: false },
    );
    const to = transportTo({ ...loopback, ca: server.ca });
    open.push(server, { close: () => to.close(0) });
    const clients = [clientCertificate("one"), clientCertificate("two")];
    for (const client of clients) {
      const told = await exchange(to, wireRequest(server.origin, "/", { client }));
      expect(client.certificate.replace(/\n/g, "")).toContain(told.text());
      expect(told.body?.protocol).toBe("2");
    }
    expect([(await exchange(to, wireRequest(server.origin, "/"))).text(), server.connections]).toEqual([
      "",
      3,
    ]);
  });

  it.each(["http", "https"])("may be a tunnel through a proxy of %s", async (scheme) => {
    const certificate = createCertificate();
    const server = await startHttp2Server(undefined, certificate);
    const proxy = await startTunnels(scheme === "https" ? certificate : undefined);
    const to = transportTo({
      ...loopback,
      ca: certificate.cert,
      proxy: `${scheme}://127.0.0.1:${proxy.port}`,
    });
    open.push(server, proxy, { close: () => to.close(0) });
    const told = await Promise.all(
      Array.from({ length: 5 }, () =>
        exchange(to, wireRequest(server.origin, "/", { method: "POST", body: "hello" })),
      ),
    );
    expect(told.map(({ error, status }) => error?.message ?? status)).toEqual([200, 200, 200, 200, 200]);
    expect([server.requests[0]?.version, proxy.asked]).toEqual(["2.0", [`127.0.0.1:${server.port}`]]);
  });
});
