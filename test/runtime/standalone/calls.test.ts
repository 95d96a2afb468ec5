/** What `fetch` does to requests, as the executor is told of it. */
import { createServer } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { planOf } from "../../../compiler/emit/typescript/standalone/plan/index.ts";
import { compile } from "../../../compiler/index.ts";
import { makeRuntime } from "../../../runtime/standalone/create-runtime.ts";
import type { Connection, RuntimeOptions } from "../../../runtime/standalone/types.ts";
import { type Routes, startServer } from "../../../runtime/testing/index.ts";
import type { Connector } from "../../../schema/ir.ts";

const { ir } = await compile(`
metadata: { name: Fetch, slug: fetch-desk, description: A connector to try fetch with., publisher: Example }
connection_config: [{ key: base_url, label: Address }]
base_url: "{base_url}"
authentication: [{ type: bearer }]
defaults: { retry: { initial_ms: 1, max_ms: 1 } }
operations:
  - { operation_id: read, endpoint: /read, summary: Read, auth_type_ref: bearer }
  - { operation_id: write, endpoint: /write, method: POST, summary: Write, auth_type_ref: bearer }
`);

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function connect(base_url: string, options: RuntimeOptions = {}): Connection {
  const runtime = makeRuntime({ network: { allow: ["127.0.0.1"] }, ...options });
  closing.push(() => runtime.close());
  return runtime.connect(planOf(ir as Connector), {
    credentials: { token: "example-token" },
    config: { base_url },
  });
}

async function served(routes: Routes) {
  const server = await startServer(routes);
  closing.push(() => server.close());
  return server;
}

describe("a call by fetch", () => {
  it("ends where the decoded body passes the limit, compressed or not", async () => {
    const body = gzipSync(JSON.stringify("x".repeat(5_000)));
    const { origin } = await served({
      "GET /read": { headers: { "content-encoding": "gzip" }, bytes: body },
    });
    const error = connect(origin, { maxResponseBytes: 1_000 }).call("read");
    await expect(error).rejects.toMatchObject({ code: "response_too_large" });
  });

  it("tries a broken-off answer again, and does not take its half for a whole", async () => {
    const server = await served({
      "GET /read": (_, { count }) =>
        count === 1
          ? {
              raw: (wire) => {
                wire.write(
                  'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"a":',
                );
                wire.after(1, () => wire.socket.destroy());
              },
            }
          : { json: { a: 1 } },
    });
    expect(await connect(server.origin).call("read")).toMatchObject({ data: { a: 1 }, attempts: 2 });
  });

  it("does not send a write again of which it cannot know whether it arrived", async () => {
    const server = await served({ "POST /write": { raw: (wire) => wire.socket.destroy() } });
    await expect(connect(server.origin).call("write")).rejects.toMatchObject({
      code: "network_error",
      attempts: 1,
      details: { reason: "reset", sent: true },
    });
    expect(server.requests).toHaveLength(1);
  });

  it("sends a write again where nothing listened", async () => {
    const free = createServer();
    await new Promise<void>((resolve) => free.listen(0, "127.0.0.1", resolve));
    const { port } = free.address() as { port: number };
    await new Promise((resolve) => free.close(resolve));
    await expect(connect(`http://127.0.0.1:${port}`).call("write")).rejects.toMatchObject({
      code: "network_error",
      attempts: 3,
      details: { reason: "refused", sent: false },
    });
  });

  it("follows a redirect on its origin, and none to another", async () => {
    const server = await served({
      "GET /read": (_, { count }) => ({
        status: 302,
        headers: { location: count === 1 ? "/elsewhere" : "https://evil.example/" },
      }),
      "GET /elsewhere": { json: { found: true } },
    });
    const connection = connect(server.origin);
    expect((await connection.call("read")).data).toEqual({ found: true });
    await expect(connection.call("read")).rejects.toMatchObject({ status: 302 });
  });

  it("says what a browser hides of a redirect", async () => {
    const opaque = Object.defineProperty(new Response(null), "type", { value: "opaqueredirect" });
    const connection = connect("https://api.example.com", { fetch: () => Promise.resolve(opaque) });
    await expect(connection.call("read")).rejects.toThrow(/a browser does not say where to/);
  });

  it("goes nowhere but to public names over https, unless the host is allowed", async () => {
    const refuse = (): Promise<Response> => Promise.reject(new Error("was asked"));
    for (const base of [
      "http://127.0.0.1:1",
      "https://10.0.0.1",
      "http://api.example.com",
      "https://localhost",
    ])
      await expect(connect(base, { network: {}, fetch: refuse }).call("read")).rejects.toMatchObject({
        code: "destination_blocked",
      });
  });

  it("ends at its deadline and at the caller's signal", async () => {
    const server = await served({ "GET /read": { raw: () => {} } });
    const connection = connect(server.origin);
    await expect(connection.call("read", {}, { timeoutMs: 20 })).rejects.toMatchObject({
      code: "deadline_exceeded",
    });
    const controller = new AbortController();
    const call = connection.call("read", {}, { signal: controller.signal });
    setTimeout(() => controller.abort(), 5);
    await expect(call).rejects.toMatchObject({ code: "aborted" });
  });

  it("shows no secret in what fetch throws", async () => {
    const connection = connect("https://api.example.com", {
      fetch: () => Promise.reject(new Error("Bearer example-token")),
    });
    const error: Error = await connection.call("read").then(
      () => new Error("no error"),
      (thrown) => thrown,
    );
    expect(`${error.stack}${JSON.stringify(error)}${error.cause}`).not.toContain("example-token");
    expect(error).toMatchObject({ code: "network_error" });
  });

  it("is refused once the client is closed", async () => {
    const runtime = makeRuntime({});
    const connection = runtime.connect(planOf(ir as Connector), {
      credentials: { token: "t" },
      config: { base_url: "https://api.example.com" },
    });
    await runtime.close();
    await expect(connection.call("read")).rejects.toMatchObject({ code: "aborted" });
  });
});
