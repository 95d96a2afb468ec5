import type { LookupFunction } from "node:net";
import { createServer } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import type { TransportError } from "../../../runtime/ports.ts";
import type { Reply } from "../../../runtime/testing/index.ts";
import * as bench from "../../../runtime/testing/index.ts";
import type { NetworkOptions } from "../../../runtime/transport/undici-transport.ts";
import type { Told } from "./support.ts";
import { exchange, loopback, transportTo, wireRequest } from "./support.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close();
});

async function against(reply: Reply, network: NetworkOptions = loopback): Promise<Told> {
  const server = await bench.startServer(() => reply);
  const transport = transportTo(network);
  open.push({ close: () => transport.close(0) }, server);
  return exchange(
    transport,
    wireRequest(server.origin, "/path?secret=canary", { headers: ["x-key", "canary"] }),
  );
}

describe("a fault of the server is told by its kind", () => {
  const faults: [name: string, reply: Reply, kind: TransportError["kind"], events: string][] = [
    ["resetBeforeHeaders", bench.resetBeforeHeaders(), "reset", "connected sent fail"],
    ["closeBeforeHeaders", bench.closeBeforeHeaders(), "reset", "connected sent fail"],
    ["resetMidHeaders", bench.resetMidHeaders(), "reset", "connected sent fail"],
    ["resetMidBody", bench.resetMidBody(), "reset", "connected sent head fail"],
    ["truncatedChunked", bench.truncatedChunked(), "truncated", "connected sent head fail"],
    ["wrongContentLength, too large", bench.wrongContentLength(99), "truncated", "connected sent head fail"],
    ["garbage", bench.garbage(), "protocol", "connected sent fail"],
    [
      "a bad chunk size",
      bench.rawBytes("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxx\r\n"),
      "protocol",
      "connected sent head fail",
    ],
    [
      "two lengths",
      bench.rawBytes("HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab"),
      "protocol",
      "connected sent fail",
    ],
    [
      "an unasked upgrade",
      bench.rawBytes("HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n"),
      "reset",
      "connected sent fail",
    ],
    ["hugeHeaders", bench.hugeHeaders(80), "too_large", "connected sent fail"],
    ["endlessBody", bench.endlessBody(), "too_large", "connected sent head fail"],
    ["gzipBomb", bench.gzipBomb(5), "too_large", "connected sent head fail"],
    ["corruptGzip", bench.corruptGzip(), "decode", "connected sent head fail"],
    ["truncatedGzip", bench.truncatedGzip(), "truncated", "connected sent head fail"],
  ];
  it.each(faults)("%s", async (_name, reply, kind, events) => {
    const told = await against(reply);
    expect(told.error?.kind, told.error?.message).toBe(kind);
    expect(told.events.join(" ")).toBe(events);
    expect(told.error?.sent).toBe(true);
    expect(told.error?.message).toMatch(/127\.0\.0\.1/);
    expect(JSON.stringify([told.error, String(told.error?.cause)])).not.toContain("canary");
  });

  it("a body that only the closing ends comes through, marked as such", async () => {
    const told = await against(bench.truncatedClose());
    expect([told.body?.framing, told.text(), told.events.at(-1)]).toEqual(["close", `{"items":`, "end"]);
  });

  it("headers and bodies that do not come are time-outs", async () => {
    const [silence, stall] = await Promise.all([
      against(bench.silence(), { ...loopback, headersTimeoutMs: 300 }),
      against(bench.stallAfterHeaders(), { ...loopback, bodyTimeoutMs: 300 }),
    ]);
    expect([silence.error?.kind, silence.error?.sent, silence.body]).toEqual(["timeout", true, undefined]);
    expect([stall.error?.kind, stall.status]).toEqual(["timeout", 200]);
  });

  it("a slow drip is whole in the end", async () => {
    expect((await against(bench.slowDrip(2))).text()).toBe(`{"items":[1,2,3]}`);
    expect((await against(bench.slowHeaders(1))).text()).toBe("{}");
  });
});

describe("a failure to connect is told by its kind, with nothing sent", () => {
  async function failing(origin: string, network: NetworkOptions): Promise<Told> {
    const transport = transportTo(network);
    open.push({ close: () => transport.close(0) });
    return exchange(transport, wireRequest(origin, "/"));
  }

  it("refused", async () => {
    const server = await bench.startServer({});
    await server.close();
    const told = await failing(server.origin, loopback);
    expect(told.error).toMatchObject({ kind: "refused", sent: false });
    expect(told.error?.message).toBe(
      `cannot connect to 127.0.0.1:${server.port}: nothing listens there (ECONNREFUSED)`,
    );
    expect(told.events).toEqual(["fail"]);
  });

  it("dns: the name is unknown, or has no address", async () => {
    const unknown: LookupFunction = (_host, _options, callback) =>
      callback(Object.assign(new Error("no"), { code: "ENOTFOUND", syscall: "getaddrinfo" }), "", 0);
    const empty: LookupFunction = (_host, _options, callback) => callback(null, []);
    for (const lookup of [unknown, empty]) {
      const told = await failing("https://api.example.com", { lookup });
      expect(told.error).toMatchObject({ kind: "dns", sent: false });
    }
  });

  it("timeout: nobody accepts in time", async () => {
    const never: LookupFunction = () => {};
    const told = await failing("https://api.example.com", { lookup: never, connectTimeoutMs: 50 });
    expect(told.error).toMatchObject({ kind: "timeout", sent: false });
  });

  it("timeout: the TLS handshake stalls", async () => {
    const mute = createServer(() => {});
    await new Promise<void>((resolve) => mute.listen(0, "127.0.0.1", resolve));
    const address = mute.address();
    const port = typeof address === "object" ? address?.port : 0;
    const told = await failing(`https://127.0.0.1:${port}`, { ...loopback, connectTimeoutMs: 100 });
    mute.close();
    expect(told.error).toMatchObject({ kind: "timeout", sent: false });
  });

  it("tls: the server speaks plain HTTP", async () => {
    const server = await bench.startServer({});
    open.push(server);
    const told = await failing(server.origin.replace("http:", "https:"), loopback);
    expect(told.error).toMatchObject({ kind: "tls", sent: false });
  });

  it("reset: the server hangs up in the TLS handshake", async () => {
    const rude = createServer((socket) => socket.once("data", () => socket.destroy()));
    await new Promise<void>((resolve) => rude.listen(0, "127.0.0.1", resolve));
    const address = rude.address();
    const port = typeof address === "object" ? address?.port : 0;
    const told = await failing(`https://127.0.0.1:${port}`, loopback);
    rude.close();
    expect(told.error).toMatchObject({ kind: "reset", sent: false });
  });

  it("blocked: the origin itself", async () => {
    for (const origin of [
      "http://api.example.com",
      "https://10.0.0.1",
      "ftp://x",
      "https://u:canary@api.example.com",
      "nonsense",
    ]) {
      const told = await failing(origin, {});
      expect(told.error, origin).toMatchObject({ kind: "blocked", sent: false });
      expect(told.error?.message).not.toContain("canary");
    }
  });
});

describe("body limits", () => {
  it("stop a bomb early and in little memory", async () => {
    const before = process.memoryUsage().rss;
    const server = await bench.startServer(() => bench.gzipBomb(200));
    const transport = transportTo();
    open.push({ close: () => transport.close(0) }, server);
    const limits = { maxBytes: 20 * 1024 * 1024, maxRatio: 1e9 };
    const told = await exchange(transport, wireRequest(server.origin, "/", { limits }));
    const got = told.chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    expect(told.error?.kind).toBe("too_large");
    expect(got).toBeLessThanOrEqual(limits.maxBytes);
    expect(process.memoryUsage().rss - before).toBeLessThan(120 * 1024 * 1024);
  });

  it("refuse an announced length before any of it is read", async () => {
    const limits = { maxBytes: 10, maxRatio: 100 };
    const server = await bench.startServer(() => bench.stallAfterHeaders());
    const transport = transportTo();
    open.push({ close: () => transport.close(0) }, server);
    const told = await exchange(transport, wireRequest(server.origin, "/", { limits }));
    expect([told.error?.kind, told.chunks.length]).toEqual(["too_large", 0]);
  });

  it("let a body of exactly the limit pass, in every framing", async () => {
    const limits = { maxBytes: 10, maxRatio: 100 };
    const body = "0123456789";
    for (const reply of [
      bench.text(body),
      bench.rawBytes(`HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n${body}`),
    ]) {
      const server = await bench.startServer(() => reply);
      const transport = transportTo();
      open.push({ close: () => transport.close(0) }, server);
      expect((await exchange(transport, wireRequest(server.origin, "/", { limits }))).text()).toBe(body);
    }
  });

  it("judge the ratio only once a mebibyte is decoded", async () => {
    const small = bench.gzipBomb(1);
    const limits = { maxBytes: 1e9, maxRatio: 1100 };
    const server = await bench.startServer(() => small);
    const transport = transportTo();
    open.push({ close: () => transport.close(0) }, server);
    expect((await exchange(transport, wireRequest(server.origin, "/", { limits }))).error).toBeUndefined();
    const strict = await exchange(
      transport,
      wireRequest(server.origin, "/", { limits: { ...limits, maxRatio: 100 } }),
    );
    expect(strict.error?.message).toContain("100:1");
  });
});
