import { createServer, connect as dial, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { afterEach, describe, expect, it } from "vitest";
import type { Transport } from "../../../runtime/ports.ts";
import { createCertificate, json, startServer, type TestServer } from "../../../runtime/testing/index.ts";
import type { NetworkOptions } from "../../../runtime/transport/undici-transport.ts";
import { exchange, loopback, transportTo, wireRequest } from "./support.ts";

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0).toReversed()) await thing.close();
});

interface TestProxy {
  readonly port: number;
  /** The heads of what it was asked. */
  readonly asked: string[];
}

/** A proxy that opens tunnels to loopback, whatever name is asked for, or gives an answer of its own. */
async function startProxy(
  options: { readonly answer?: string; readonly tls?: { key: string; cert: string } } = {},
): Promise<TestProxy> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const serve = (socket: Socket): void => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.once("data", (chunk) => {
      const head = chunk.toString("latin1");
      asked.push(head);
      if (options.answer !== undefined) {
        socket.end(options.answer);
        return;
      }
      const port = Number(/^CONNECT \S+:(\d+) /.exec(head)?.[1]);
      const onward = dial(port, "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
        socket.pipe(onward).pipe(socket);
      });
      sockets.add(onward);
      onward.on("error", () => socket.destroy());
    });
  };
  const server: Server = options.tls ? createTlsServer(options.tls, serve) : createServer(serve);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push({
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(resolve));
    },
  });
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("no port");
  return { port: address.port, asked };
}

async function serving(options: Parameters<typeof startServer>[1] = {}): Promise<TestServer> {
  const server = await startServer(() => json({ ok: true }), options);
  open.push(server);
  return server;
}

function through(network: NetworkOptions): Transport {
  const transport = transportTo(network);
  open.push({ close: () => transport.close(0) });
  return transport;
}

describe("a proxy", () => {
  it("leads to a server over TLS, whose certificate is checked end to end", async () => {
    const certificate = createCertificate();
    const server = await serving({ tls: certificate });
    const proxy = await startProxy();
    const network = { ...loopback, ca: certificate.cert, proxy: `http://127.0.0.1:${proxy.port}` };
    const transport = through(network);
    for (let count = 0; count < 3; count++)
      expect((await exchange(transport, wireRequest(server.origin, "/x"))).text()).toBe('{"ok":true}');
    expect(proxy.asked).toEqual([
      `CONNECT 127.0.0.1:${server.port} HTTP/1.1\r\nhost: 127.0.0.1:${server.port}\r\n\r\n`,
    ]);
    const distrusting = through({ ...loopback, proxy: network.proxy });
    expect((await exchange(distrusting, wireRequest(server.origin, "/x"))).error?.kind).toBe("tls");
    expect(server.requests).toHaveLength(3);
  });

  it("leads to plain http where that is allowed, and may itself be reached over TLS, with credentials", async () => {
    const certificate = createCertificate();
    const server = await serving();
    const proxy = await startProxy({ tls: certificate });
    const transport = through({
      ...loopback,
      ca: certificate.cert,
      proxy: `https://us%40er:p%3Ass@127.0.0.1:${proxy.port}`,
    });
    expect((await exchange(transport, wireRequest(server.origin, "/x"))).text()).toBe('{"ok":true}');
    const authorization = /proxy-authorization: Basic (\S+)\r\n/.exec(proxy.asked[0] ?? "")?.[1] ?? "";
    expect(Buffer.from(authorization, "base64").toString()).toBe("us@er:p:ss");
    expect(server.requests[0]?.headers["proxy-authorization"]).toBeUndefined();
  });

  it("resolves names itself", async () => {
    const server = await serving();
    const proxy = await startProxy();
    const transport = through({
      allow: [`api.example.com:${server.port}`],
      proxy: `http://127.0.0.1:${proxy.port}`,
      lookup: () => {
        throw new Error("asked here");
      },
    });
    const told = await exchange(transport, wireRequest(`http://api.example.com:${server.port}`, "/x"));
    expect(told.text()).toBe('{"ok":true}');
    expect(proxy.asked[0]).toContain(`CONNECT api.example.com:${server.port} `);
  });

  it.each(["https://10.0.0.1", "https://169.254.169.254", "https://localhost", "http://api.example.com"])(
    "is not asked for %s, which nothing allows",
    async (origin) => {
      const proxy = await startProxy();
      const transport = through({ proxy: `http://127.0.0.1:${proxy.port}` });
      expect((await exchange(transport, wireRequest(origin, "/"))).error?.kind).toBe("blocked");
      expect(proxy.asked).toEqual([]);
    },
  );

  it.each([
    "http://127.0.0.1:1/path",
    "http://127.0.0.1:1/?query",
    "http://127.0.0.1:1/#part",
    "socks5://127.0.0.1:1",
  ])("is no proxy of ours: %s", (proxy) => {
    expect(() => through({ proxy })).toThrow("network.proxy is no URL of a proxy");
  });

  it("is passed by for what `proxyExcept` names", async () => {
    const server = await serving();
    const proxy = await startProxy();
    const transport = through({
      ...loopback,
      proxy: `http://127.0.0.1:${proxy.port}`,
      proxyExcept: ["127.0.0.0/8"],
    });
    expect((await exchange(transport, wireRequest(server.origin, "/x"))).text()).toBe('{"ok":true}');
    expect(proxy.asked).toEqual([]);
  });

  it.each([
    ["HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "proxy", /credentials/],
    ["HTTP/1.1 403 Forbidden\r\n\r\n", "proxy", /answered 403/],
    ["HTTP/1.1 502 Bad Gateway\r\n\r\n", "refused", /answered 502/],
    ["SSH-2.0-x\r\n\r\n", "proxy", /does not answer as a proxy/],
    ["HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", "proxy", /answered 200/],
    ["", "reset", /closed the connection/],
    [`HTTP/1.1 200 OK\r\nx: ${"y".repeat(20_000)}`, "proxy", /answered 200/],
  ])("that answers %j ends in fail, and nothing was sent", async (answer, kind, message) => {
    const server = await serving();
    const proxy = await startProxy({ answer });
    const transport = through({ ...loopback, proxy: `http://u:s3cret@127.0.0.1:${proxy.port}` });
    const told = await exchange(transport, wireRequest(server.origin, "/x"));
    expect(told.error).toMatchObject({ kind, sent: false, message: expect.stringMatching(message) });
    expect(JSON.stringify(told.error)).not.toContain("s3cret");
    expect(server.requests).toHaveLength(0);
  });
});
