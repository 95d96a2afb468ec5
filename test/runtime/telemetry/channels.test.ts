import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { afterEach, describe, expect, it, onTestFinished } from "vitest";
import {
  json,
  requireBearer,
  resetBeforeHeaders,
  sequence,
  status,
  tokenEndpoint,
} from "../../../runtime/testing/index.ts";
import { descriptor, type Line, line, operation } from "../../support/line.ts";

let made: Line | undefined;
afterEach(() => made?.close());

/** What is published on a channel while the test runs. */
function heard(name: string): unknown[] {
  const events: unknown[] = [];
  const hear = (event: unknown): void => void events.push(event);
  subscribe(name, hear);
  onTestFinished(() => void unsubscribe(name, hear));
  return events;
}

const fast = "retry: { initial_ms: 1, max_ms: 2 }";

describe("the channels", () => {
  it("tell each request of a call, with its status or why there is none", async () => {
    const attempts = heard("connectorc:attempt");
    made = await line(
      operation(`endpoint: /x\n${fast}`),
      { "GET /x": sequence(resetBeforeHeaders(), status(503), json(1)) },
      { realTime: true },
    );
    await made.connection.call("op");
    const shared = {
      connector: "test-api",
      exchange: "operation:op",
      tenant: "default",
      method: "GET",
      origin: made.server.origin,
      ms: expect.any(Number),
    };
    expect(attempts).toEqual([
      { ...shared, resends: 0, status: undefined, error: "reset" },
      { ...shared, resends: 1, status: 503, error: undefined },
      { ...shared, resends: 2, status: 200, error: undefined },
    ]);
  });

  it("tell the calls that give tokens, without what they give", async () => {
    const refreshes = heard("connectorc:refresh");
    const tokens = tokenEndpoint();
    made = await line(
      descriptor(
        `operations:
  - { operation_id: op, endpoint: /x, summary: An operation, auth_type_ref: oauth2_client_credentials }`,
        `  - type: oauth2_client_credentials
    oauth: { token_url: "{base_url}/token" }`,
      ),
      { "POST /token": tokens.handler, "GET /x": requireBearer(tokens.accepts, json(1)) },
      { realTime: true, connect: { credentials: { client_id: "app", client_secret: "canary-secret" } } },
    );
    for (let call = 0; call < 3; call++) await made.connection.call("op");
    expect(refreshes).toEqual([
      {
        connector: "test-api",
        profile: "oauth2_client_credentials",
        step: expect.any(String),
        tenant: "default",
        ms: expect.any(Number),
        attempts: 1,
        status: 200,
        error: undefined,
      },
    ]);
    expect(JSON.stringify(refreshes)).not.toContain("canary");
  });

  it("tell at the end of a call where its time went", async () => {
    const calls = heard("connectorc:call");
    made = await line(
      `${operation("endpoint: /x")}\nrate_limits: [{ scope: per_connection, limit: 1, interval_seconds: 60 }]`,
      { "GET /x": json(1) },
    );
    const { connection, clock } = made;
    await connection.call("op");
    const second = connection.call("op", {}, { timeoutMs: 100_000 });
    await expect.poll(() => clock.pending()).toBeGreaterThan(1);
    await clock.advance(60_000);
    await second;
    const ends = calls.filter((event) => (event as { phase: string }).phase === "end");
    expect(ends).toMatchObject([
      { stages: { credentials: 0, wait: 0, attempt: 0, backoff: 0, decode: 0 } },
      { stages: { credentials: 0, backoff: 0, decode: 0 } },
    ]);
    const { ms, stages } = ends[1] as { ms: number; stages: { wait: number } };
    expect(stages.wait).toBeGreaterThan(59_000);
    expect(ms).toBeGreaterThanOrEqual(stages.wait);
  });
});

describe("a listener that throws", () => {
  it("harms no call", async () => {
    made = await line(
      operation("endpoint: /x"),
      { "GET /x": json(1) },
      {
        runtime: {
          telemetry: {
            listener: () => {
              throw new Error("oops");
            },
          },
        },
      },
    );
    expect(await made.connection.call("op")).toMatchObject({ data: 1 });
  });
});
