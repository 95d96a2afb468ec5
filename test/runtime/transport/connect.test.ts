import type { LookupAddress } from "node:dns";
import { existsSync, readFileSync } from "node:fs";
import type { LookupFunction } from "node:net";
import { createServer } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { systemClock } from "../../../runtime/clock.ts";
import { ConnectorError } from "../../../runtime/errors.ts";
import type { Transport } from "../../../runtime/ports.ts";
import type { ServerOptions, TestServer } from "../../../runtime/testing/index.ts";
import { createCertificate, json, startServer } from "../../../runtime/testing/index.ts";
import type { Connected } from "../../../runtime/transport/connect.ts";
import { createConnector } from "../../../runtime/transport/connect.ts";
import { parseNetworkRules } from "../../../runtime/transport/destination.ts";
import type { NetworkOptions } from "../../../runtime/transport/undici-transport.ts";
import { exchange, loopback, transportTo, wireRequest } from "./support.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close();
});

async function serving(options: ServerOptions = {}): Promise<TestServer> {
  const server = await startServer({ "* /*": json({ ok: true }) }, options);
  open.push(server);
  return server;
}

function transport(network: NetworkOptions): Transport {
  const made = transportTo(network);
  open.push({ close: () => made.close(0) });
  return made;
}

/** Answers look-ups from a script, the last answer again and again. */
function resolver(answers: readonly (readonly string[])[]): {
  lookup: LookupFunction;
  readonly asked: number;
} {
  let asked = 0;
  const lookup: LookupFunction = (_host, _options, callback) => {
    const answer = answers[Math.min(asked++, answers.length - 1)] ?? [];
    callback(
      null,
      answer.map((address): LookupAddress => ({ address, family: address.includes(":") ? 6 : 4 })),
    );
  };
  return {
    lookup,
    get asked() {
      return asked;
    },
  };
}

describe("a name that resolves to a refused address", () => {
  const suite = new URL("../../../../shared/corpus/suites/ssrf/ssrf-urls.json", import.meta.url);
  const present = existsSync(suite);
  if (!present) console.warn("SKIPPED: the ssrf suite is absent, its rebinding scripts do not run");
  const scripts = present ? JSON.parse(readFileSync(suite, "utf8")).dnsRebinding : [];

  it.skipIf(!present).each(scripts as { name: string; answers: string[][] }[])(
    "$name",
    async ({ answers }) => {
      const server = await serving();
      // Public addresses of the script stand for a port that nobody listens on: the server is on loopback alone.
      const { lookup } = resolver(answers);
      const to = transport({ lookup, connectTimeoutMs: 200 });
      for (const _round of answers) {
        const told = await exchange(to, wireRequest(`https://rebind.example:${server.port}`, "/"));
        expect(["blocked", "dns"]).toContain(told.error?.kind);
        expect(told.error?.sent).toBe(false);
      }
      expect([server.connections, server.requests.length]).toEqual([0, 0]);
    },
  );

  it("is judged anew for every connection", async () => {
    const server = await serving();
    const script = resolver([["127.0.0.1"], ["127.0.0.2"]]);
    // Only the first address is allowed; the name itself is named for http and nothing more.
    const to = transport({ lookup: script.lookup, allow: ["127.0.0.1"] });
    const origin = `http://app.localhost:${server.port}`;
    expect((await exchange(to, wireRequest(origin, "/"))).status).toBe(200);
    await server.dropConnections();
    expect((await exchange(to, wireRequest(origin, "/"))).error).toMatchObject({
      kind: "blocked",
      sent: false,
    });
    expect([script.asked, server.connections]).toEqual([2, 1]);
  });

  it("is reached where a rule names it, except on metadata addresses", async () => {
    const server = await serving();
    const allow = ["intranet.example"];
    const origin = `http://intranet.example:${server.port}`;
    const named = transport({ lookup: resolver([["127.0.0.1"]]).lookup, allow });
    expect((await exchange(named, wireRequest(origin, "/"))).status).toBe(200);
    expect(server.requests[0]?.headers.host).toBe(`intranet.example:${server.port}`);
    const metadata = transport({ lookup: resolver([["169.254.169.254"]]).lookup, allow });
    expect((await exchange(metadata, wireRequest(origin, "/"))).error?.kind).toBe("blocked");
  });
});

describe("the socket's own address", () => {
  it.each([true, false])("is judged before a byte is written, over TLS: %s", async (secure) => {
    let received = 0;
    const listener = createServer((socket) =>
      socket.on("error", () => {}).on("data", (chunk) => (received += chunk.length)),
    );
    await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
    const address = listener.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    // An IP literal, so that nothing but the socket itself is left to judge.
    const target = { host: "127.0.0.1", port, secure, named: false };
    const settings = { rules: parseNetworkRules([]), timeoutMs: 30_000, clock: systemClock };
    const result = await new Promise<Connected>((resolve) => void createConnector(target, settings)(resolve));
    expect(result).toMatchObject({
      failure: { kind: "blocked", message: expect.stringContaining("loopback") },
    });
    await new Promise<void>((resolve) => listener.close(() => resolve()));
    expect(received).toBe(0);
  });

  it("is judged where no look-up is asked: IP literals", async () => {
    const server = await serving();
    const script = resolver([["8.8.8.8"]]);
    const to = transport({ lookup: script.lookup });
    for (const host of ["127.0.0.1", "2130706433", "0x7f.1", "0", "[::ffff:127.0.0.1]", "[::1]"]) {
      const told = await exchange(to, wireRequest(`https://${host}:${server.port}`, "/"));
      expect(told.error, host).toMatchObject({ kind: "blocked", sent: false });
    }
    expect([script.asked, server.connections]).toEqual([0, 0]);
  });
});

describe("TLS", () => {
  const own = createCertificate();

  it("trusts a private authority that is given, beside the known ones", async () => {
    const server = await serving({ tls: own });
    const to = transport({ ...loopback, ca: own.cert });
    for (const host of ["127.0.0.1", "localhost"]) {
      const told = await exchange(to, wireRequest(`https://${host}:${server.port}`, "/"));
      expect([told.status, told.error]).toEqual([200, undefined]);
    }
  });

  it("takes up a session again", async () => {
    const server = await serving({ tls: own });
    const to = transport({ ...loopback, ca: own.cert });
    for (let n = 0; n < 3; n++) {
      expect((await exchange(to, wireRequest(server.origin, "/"))).status).toBe(200);
      await server.dropConnections();
    }
    expect(server.connections).toBe(3);
  });

  const past = Date.now() - 10 * 86_400_000;
  const refused: [
    what: string,
    options: Parameters<typeof createCertificate>[0],
    trusted: boolean,
    message: string,
  ][] = [
    ["self-signed", {}, false, "network.ca"],
    ["expired", { notBefore: past, notAfter: past + 1000 }, true, "expired"],
    ["for another host", { hosts: ["other.example"] }, true, "another host"],
  ];
  it.each(refused)("refuses a certificate that is %s", async (_what, options, trusted, message) => {
    const certificate = createCertificate(options);
    const server = await serving({ tls: certificate });
    const to = transport(trusted ? { ...loopback, ca: certificate.cert } : loopback);
    const told = await exchange(to, wireRequest(server.origin, "/"));
    expect(told.error).toMatchObject({ kind: "tls", sent: false });
    expect(told.error?.message).toContain(message);
    expect(server.requests.length).toBe(0);
  });
});

describe("createTransport", () => {
  it.each([
    [{ ca: "no certificate" }, "configuration", "PEM"],
    [{ allow: ["http://a"] }, "configuration", "network.allow"],
    [{ proxy: "socks5://u:s3cret@proxy.example:1080" }, "configuration", "network.proxy"],
  ])("refuses %j", (network, code, message) => {
    try {
      transportTo(network);
      expect.unreachable();
    } catch (error) {
      expect(ConnectorError.is(error) && error.code).toBe(code);
      expect(String(error)).toContain(message);
    }
  });
});
