import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { json, requireBearer, sequence, status, tokenEndpoint } from "../../../runtime/testing/index.ts";
import { descriptor, type Line, line, operation } from "../../support/line.ts";

let reader: PeriodicExportingMetricReader;
let provider: MeterProvider;
let made: Line | undefined;
beforeEach(() => {
  reader = new PeriodicExportingMetricReader({
    exporter: new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE),
    exportIntervalMillis: 3_600_000,
  });
  provider = new MeterProvider({ readers: [reader] });
});
afterEach(async () => {
  await made?.close();
  await provider.shutdown();
});

/** Name → points: attributes, and the value or the count of a histogram. */
async function points(): Promise<Record<string, { attributes: object; unit: string; value: unknown }[]>> {
  const { resourceMetrics } = await reader.collect();
  return Object.fromEntries(
    resourceMetrics.scopeMetrics
      .flatMap(({ metrics }) => metrics)
      .map(({ descriptor: { name, unit }, dataPoints }) => [
        name,
        dataPoints.map(({ attributes, value }) => ({
          attributes,
          unit,
          value: typeof value === "object" && "count" in value ? value.count : value,
        })),
      ]),
  );
}

describe("metrics", () => {
  it("count requests by the conventions for HTTP, and calls by operation", async () => {
    made = await line(
      operation("endpoint: /x\nretry: { initial_ms: 1, max_ms: 2 }"),
      { "GET /x": sequence(status(503), json(1), status(404)) },
      { realTime: true, runtime: { telemetry: { meter: provider.getMeter("test") } } },
    );
    await made.connection.call("op");
    await made.connection.attempt("op");
    const server = {
      "http.request.method": "GET",
      "server.address": "127.0.0.1",
      "server.port": made.server.port,
    };
    const connector = { "connectorc.connector": "test-api" };
    const call = { ...connector, "connectorc.operation": "op" };
    const read = await points();
    expect(read["http.client.request.duration"]).toEqual([
      {
        attributes: { ...server, "http.response.status_code": 503, "error.type": "503" },
        unit: "s",
        value: 1,
      },
      { attributes: { ...server, "http.response.status_code": 200 }, unit: "s", value: 1 },
      {
        attributes: { ...server, "http.response.status_code": 404, "error.type": "404" },
        unit: "s",
        value: 1,
      },
    ]);
    expect(read["connectorc.call.duration"]).toEqual([
      { attributes: call, unit: "s", value: 1 },
      { attributes: { ...call, "error.type": "upstream_error" }, unit: "s", value: 1 },
    ]);
    expect(read["connectorc.call.attempts"]).toEqual([{ attributes: call, unit: "{request}", value: 2 }]);
    expect(read["connectorc.retries"]).toEqual([{ attributes: connector, unit: "{request}", value: 1 }]);
  });

  it("count tokens that were at hand, and those that were fetched", async () => {
    const tokens = tokenEndpoint();
    made = await line(
      descriptor(
        `operations:
  - { operation_id: op, endpoint: /x, summary: An operation, auth_type_ref: oauth2_client_credentials }`,
        `  - type: oauth2_client_credentials
    oauth: { token_url: "{base_url}/token" }`,
      ),
      { "POST /token": tokens.handler, "GET /x": requireBearer(tokens.accepts, json(1)) },
      {
        realTime: true,
        runtime: { telemetry: { meter: provider.getMeter("test") } },
        connect: { credentials: { client_id: "app", client_secret: "s3cret-s3cret" } },
      },
    );
    for (let call = 0; call < 3; call++) await made.connection.call("op");
    const read = await points();
    expect(
      read["connectorc.credentials"]?.flatMap(({ attributes, value }) =>
        "connectorc.step" in attributes ? [] : [[attributes, value]],
      ),
    ).toContainEqual([{ "connectorc.connector": "test-api", "connectorc.cached": false }, 1]);
    expect(read["connectorc.refresh.duration"]).toMatchObject([
      { attributes: { "connectorc.profile": "oauth2_client_credentials" }, value: 1 },
    ]);
  });

  it("show the sla and the circuit while they are read, and look at nothing once the runtime is closed", async () => {
    made = await line(
      `${operation("endpoint: /x\nretry: { max_attempts: 1 }")}\nsla: { availability_percentage: 99, error_budget_percentage: 10 }`,
      { "GET /x": sequence(json(1), json(1), json(1), status(500)) },
      {
        runtime: {
          telemetry: { meter: provider.getMeter("test") },
          circuit: { failures: 1, runMs: 0, coolDownMs: 5_000 },
        },
      },
    );
    for (let call = 0; call < 4; call++) await made.connection.attempt("op");
    const read = await points();
    expect(read["connectorc.circuit.state"]).toMatchObject([{ value: 2 }]);
    const hour = { "connectorc.connector": "test-api", "connectorc.window": "60m" };
    expect(read["connectorc.sla.availability"]).toContainEqual({ attributes: hour, unit: "%", value: 75 });
    expect(read["connectorc.sla.burn"]).toContainEqual({ attributes: hour, unit: "1", value: 2.5 });
    // Closing takes the clock past the cool-down: whoever still looked would see a half-open circuit.
    await made.close();
    made = undefined;
    expect((await points())["connectorc.circuit.state"]).toMatchObject([{ value: 2 }]);
  });
});
