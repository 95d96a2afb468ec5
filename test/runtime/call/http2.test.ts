import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { afterEach, describe, expect, it } from "vitest";
import { compile } from "../../../compiler/index.ts";
import { createRuntime, type RuntimeOptions } from "../../../runtime/index.ts";
import * as h2 from "../../support/http2/frames.ts";
import { type RawRequest, startRawServer } from "../../support/http2/raw-server.ts";

const yaml = `
metadata: { name: Desk, slug: desk, description: Tickets of a desk., publisher: Tests }
base_url: "{base_url}"
connection_config: [{ key: base_url, label: API }]
authentication: [{ type: none, profile_id: open }]
rate_limits: [{ scope: per_connection, limit: 10, interval_seconds: 60 }]
operations:
  - operation_id: add
    summary: Adds a ticket
    endpoint: /tickets
    method: POST
    auth_type_ref: open
    retry: { initial_ms: 1, max_ms: 2 }
    parameters: [{ name: subject, location: body }]
`;

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0).toReversed()) await thing.close();
});

/** A runtime before a server that answers the first request as told, and the others well. */
async function desk(first: (request: RawRequest) => void, options: RuntimeOptions = {}) {
  let count = 0;
  const server = await startRawServer({
    whole: (request) =>
      ++count === 1
        ? first(request)
        : request.wire.answer(request.stream, '{"id":7}', [["content-type", "application/json"]]),
  });
  const { ir, diagnostics } = await compile(yaml);
  if (!ir) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  const runtime = createRuntime({ network: { allow: ["127.0.0.1"], ca: server.ca }, ...options });
  open.push(server, runtime);
  const connection = runtime.connect(ir, { config: { base_url: server.origin } });
  return {
    runtime,
    server,
    add: () => connection.attempt("add", { subject: "No light" }),
    arrived: () => count,
  };
}

describe("a write over HTTP/2", () => {
  it.each([
    ["refuses the stream", ({ stream, wire }: RawRequest) => wire.rst(stream, h2.code.refusedStream)],
    ["shuts down before it", ({ wire }: RawRequest) => wire.goaway(0)],
  ])("is sent again where the server %s, and each try takes its token", async (_, refuse) => {
    const { runtime, add, arrived } = await desk(refuse);
    expect(await add()).toMatchObject({ ok: true, value: { data: { id: 7 }, attempts: 2 } });
    const { limits } = await runtime.inspect();
    expect([arrived(), limits[0]?.used]).toEqual([2, 2]);
  });

  it.each([
    ["resets the stream", ({ stream, wire }: RawRequest) => wire.rst(stream, h2.code.cancel)],
    [
      "breaks the answer off",
      ({ stream, wire }: RawRequest) => {
        wire.head(stream, 200);
        wire.rst(stream, h2.code.refusedStream);
      },
    ],
    ["breaks the connection", ({ wire }: RawRequest) => wire.socket.destroy()],
  ])("is not where the server %s", async (_, end) => {
    const { add, arrived } = await desk(end);
    expect(await add()).toMatchObject({
      ok: false,
      error: { code: "network_error", attempts: 1, details: { sent: true } },
    });
    expect(arrived()).toBe(1);
  });

  it("shows in inspect() and in the spans of its attempts", async () => {
    const exporter = new InMemorySpanExporter();
    const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
    const { runtime, server, add } = await desk(
      ({ stream, wire }) => wire.rst(stream, h2.code.refusedStream),
      {
        telemetry: { tracer: provider.getTracer("test") },
      },
    );
    expect((await add()).ok).toBe(true);
    const { origins } = await runtime.inspect();
    expect(origins).toEqual([{ origin: server.origin, running: 0, waiting: 0, protocol: "2" }]);
    const versions = exporter
      .getFinishedSpans()
      .filter(({ name }) => name === "POST /tickets")
      .map(({ attributes }) => [
        attributes["http.response.status_code"],
        attributes["network.protocol.version"],
      ]);
    expect(versions).toEqual([
      [undefined, undefined],
      [200, "2"],
    ]);
  });
});
