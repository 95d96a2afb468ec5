import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { afterEach, describe, expect, it } from "vitest";
import type { TelemetryOptions } from "../../../runtime/index.ts";
import {
  json,
  type Routes,
  redirect,
  requireBearer,
  resetBeforeHeaders,
  sequence,
  status,
  tokenEndpoint,
} from "../../../runtime/testing/index.ts";
import { descriptor, type Line, type LineOptions, line, operation } from "../../support/line.ts";

const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
const tracer = provider.getTracer("test");
let made: Line | undefined;
afterEach(async () => {
  await made?.close();
  exporter.reset();
});

const start = async (
  yaml: string,
  routes: Routes,
  telemetry: TelemetryOptions = {},
  options: LineOptions = {},
): Promise<Line> => {
  made = await line(yaml, routes, {
    realTime: true,
    runtime: { telemetry: { tracer, ...telemetry } },
    ...options,
  });
  return made;
};

const spans = (): ReadableSpan[] => exporter.getFinishedSpans();
const named = (name: string): ReadableSpan[] => spans().filter((span) => span.name === name);
const only = (name: string): ReadableSpan => {
  const [span, ...others] = named(name);
  if (!span || others.length > 0)
    throw new Error(`${others.length + 1} spans ${name}: ${spans().map((one) => one.name)}`);
  return span;
};
const ms = ([seconds, nanos]: readonly [number, number]): number => seconds * 1000 + nanos / 1e6;

describe("spans of a call", () => {
  it("are one for the call, and below it one for each attempt and for decoding, by the conventions for HTTP", async () => {
    const { connection, server } = await start(
      operation(`endpoint: "/x/{id}"
retry: { initial_ms: 1, max_ms: 2 }
parameters:
  - { name: id, location: path, required: true }
  - { name: q, location: query }`),
      { "GET /x/7": sequence(status(503), json([1])) },
    );
    await connection.call("op", { id: "7", q: "canary" });

    const call = only("test-api op");
    expect(call.kind).toBe(SpanKind.INTERNAL);
    expect(call.attributes).toEqual({
      "connectorc.connector": "test-api",
      "connectorc.operation": "op",
      "connectorc.tenant": "default",
      "connectorc.attempts": 2,
    });
    expect(call.status.code).toBe(SpanStatusCode.UNSET);

    const shared = {
      "http.request.method": "GET",
      "server.address": "127.0.0.1",
      "server.port": server.port,
      "url.full": `${server.origin}/x/7?q=REDACTED`,
      "url.template": "/x/{id}",
    };
    const attempts = named("GET /x/{id}");
    expect(attempts.map(({ kind }) => kind)).toEqual([SpanKind.CLIENT, SpanKind.CLIENT]);
    expect(attempts.map(({ attributes }) => attributes)).toEqual([
      { ...shared, "http.response.status_code": 503, "error.type": "503" },
      { ...shared, "http.response.status_code": 200, "http.request.resend_count": 1 },
    ]);
    expect(attempts.map((span) => span.status.code)).toEqual([SpanStatusCode.ERROR, SpanStatusCode.UNSET]);

    const below = spans().filter((span) => span !== call);
    expect(new Set(below.map(({ name }) => name))).toEqual(
      new Set([...(named("wait").length > 0 ? ["wait"] : []), "GET /x/{id}", "backoff", "decode"]),
    );
    for (const span of below) {
      expect(span.parentSpanContext?.spanId).toBe(call.spanContext().spanId);
      expect(span.spanContext().traceId).toBe(call.spanContext().traceId);
      expect(ms(span.startTime)).toBeGreaterThanOrEqual(ms(call.startTime));
      expect(ms(span.endTime)).toBeLessThanOrEqual(ms(call.endTime));
    }
  });

  it("show a failure by its kind, in the attempt and in the call", async () => {
    const { connection } = await start(operation("endpoint: /x\nretry: { max_attempts: 1 }"), {
      "GET /x": resetBeforeHeaders(),
    });
    await connection.attempt("op");
    expect(only("GET /x").attributes["error.type"]).toBe("reset");
    expect(only("test-api op")).toMatchObject({
      status: { code: SpanStatusCode.ERROR },
      attributes: { "error.type": "network_error", "connectorc.attempts": 1 },
    });
  });

  it("count a redirect as a resend", async () => {
    const { connection } = await start(operation("endpoint: /x"), {
      "GET /x": redirect("/y"),
      "GET /y": json(1),
    });
    await connection.call("op");
    expect(named("GET /x").map(({ attributes }) => attributes["http.request.resend_count"])).toEqual([
      undefined,
      1,
    ]);
  });

  it("tell the wait for a limit", async () => {
    const { connection, clock } = await start(
      `${operation("endpoint: /x")}\nrate_limits: [{ scope: per_connection, limit: 1, interval_seconds: 60 }]`,
      { "GET /x": json(1) },
      {},
      { realTime: false },
    );
    await connection.call("op");
    exporter.reset();
    const second = connection.call("op", {}, { timeoutMs: 100_000 });
    await expect.poll(() => clock.pending()).toBeGreaterThan(1);
    await clock.advance(60_000);
    await second;
    expect(ms(only("wait").duration)).toBeGreaterThan(59_000);
  });

  it("tell the wait for credentials, and the call of the step in a span of its own", async () => {
    const tokens = tokenEndpoint();
    const { connection } = await start(
      descriptor(
        `operations:
  - { operation_id: op, endpoint: /x, summary: An operation, auth_type_ref: oauth2_client_credentials }`,
        `  - type: oauth2_client_credentials
    oauth: { token_url: "{base_url}/token" }`,
      ),
      { "POST /token": tokens.handler, "GET /x": requireBearer(tokens.accepts, json(1)) },
      {},
      { connect: { credentials: { client_id: "app", client_secret: "canary-secret" } } },
    );
    await connection.call("op");
    const step = spans().find(({ attributes }) => attributes["connectorc.step"] !== undefined);
    expect(step?.attributes).toMatchObject({
      "connectorc.profile": "oauth2_client_credentials",
      "connectorc.attempts": 1,
    });
    expect(only("POST /token").parentSpanContext?.spanId).toBe(step?.spanContext().spanId);
    expect(only("credentials").parentSpanContext?.spanId).toBe(only("test-api op").spanContext().spanId);
  });

  it("hold no credential, wherever it stands in the URL", async () => {
    const { connection, server } = await start(
      descriptor(
        `operations:
  - operation_id: op
    endpoint: "/bot{token}/send"
    summary: An operation
    auth_type_ref: api_key`,
        `  - type: api_key
    fields: [{ key: token, label: Token, secret: true }]
    auth_query: { key: "{token}" }`,
      ),
      { "GET /botcanary-t0ken/send": json(1) },
      {},
      { connect: { credentials: { token: "canary-t0ken" } } },
    );
    await connection.call("op");
    expect(server.requests[0]?.target).toContain("canary-t0ken");
    expect(only("GET /bot{token}/send").attributes["url.full"]).toBe(
      `${server.origin}/bot{token}/send?key=REDACTED`,
    );
    expect(JSON.stringify(spans().map(({ attributes, name }) => [attributes, name]))).not.toContain("canary");
  });
});

describe("the context of a span", () => {
  it("goes to the server only when asked for", async () => {
    const quiet = await start(operation("endpoint: /x"), { "GET /x": json(1) });
    await quiet.connection.call("op");
    expect(quiet.server.requests[0]?.headers).not.toHaveProperty("traceparent");
    await quiet.close();
    exporter.reset();

    const { connection, server } = await start(
      operation("endpoint: /x"),
      { "GET /x": json(1) },
      { propagate: true },
    );
    await connection.call("op");
    const { traceId, spanId } = only("GET /x").spanContext();
    expect(server.requests[0]?.headers.traceparent).toBe(`00-${traceId}-${spanId}-01`);
  });

  it("gives way to a traceparent that the descriptor declares", async () => {
    const { connection, server } = await start(
      operation('endpoint: /x\nheaders: { traceparent: "mine" }'),
      { "GET /x": json(1) },
      { propagate: true },
    );
    await connection.call("op");
    expect(server.requests[0]?.headers.traceparent).toBe("mine");
  });
});
