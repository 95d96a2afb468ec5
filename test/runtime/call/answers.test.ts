import { afterEach, describe, expect, it } from "vitest";
import { ConnectorError, type Outcome } from "../../../runtime/index.ts";
import {
  json,
  type Reply,
  rateLimited,
  redirect,
  silence,
  status,
  text,
  wrongContentLength,
} from "../../../runtime/testing/index.ts";
import { type Line, line, operation } from "../../support/line.ts";

let open: Line[] = [];
afterEach(async () => {
  await Promise.all(open.map((one) => one.close()));
  open = [];
});

async function outcome(fields: string, reply: Reply): Promise<Outcome> {
  const made = await line(operation(`endpoint: /x\n${fields}`), { "GET /x": reply });
  open.push(made);
  return made.connection.attempt("op");
}

describe("an answer that an errors rule ignores", () => {
  const ignoring = `
response_schema: { type: object, required: [id] }
errors: [{ when: { status: 404 }, action: ignore }]`;

  it.each([
    ["without a body", status(404)],
    ["in plain text", text("no orders", { status: 404 })],
    ["in HTML", text("<html><body>none</body></html>", { status: 404 })],
  ])("is a success %s, with no data and no complaint about it", async (_, reply) => {
    expect(await outcome(ignoring, reply)).toMatchObject({
      ok: true,
      value: { status: 404, data: null, warnings: [] },
    });
  });

  it("keeps a body that can be read", async () => {
    expect(await outcome(ignoring, status(404, { why: "none" }))).toMatchObject({
      ok: true,
      value: { data: { why: "none" }, warnings: [] },
    });
  });
});

describe("an answer", () => {
  it("that the author calls passing is retryable by that word", async () => {
    const rule = `
retry: { max_attempts: 1 }
errors: [{ when: { json: { path: $.busy, equals: true } }, action: retry, code: busy, message: busy }]`;
    expect(await outcome(rule, json({ busy: true }))).toMatchObject({
      ok: false,
      error: { code: "busy", retryable: true },
    });
  });

  it("that sends elsewhere is the result where the descriptor takes its status for a success", async () => {
    const taken = "response: { type: text, success_status: [302] }";
    expect(await outcome(taken, redirect("https://elsewhere.example/file"))).toMatchObject({
      ok: true,
      value: { status: 302, headers: expect.anything() },
    });
  });

  it("tells when to come back even where its status is not tried again", async () => {
    const never = "retry: { on_status: [503] }";
    const result = await outcome(never, rateLimited(7));
    expect(result).toMatchObject({ ok: false, error: { code: "rate_limited", attempts: 1 } });
    expect(!result.ok && ConnectorError.is(result.error) && result.error.retryAt).toBeGreaterThan(0);
  });

  it("that breaks off keeps its status, and the message names the place once", async () => {
    const result = await outcome("retry: { max_attempts: 1 }", wrongContentLength(100));
    expect(result).toMatchObject({ ok: false, error: { code: "network_error", status: 200 } });
    expect(result.ok ? [] : result.error.message.match(/127\.0\.0\.1/g)).toHaveLength(1);
  });
});

describe("one signal of many calls", () => {
  it("ends them all and makes the platform warn of no leak", async () => {
    const warnings: string[] = [];
    const hear = (warning: Error): void => void warnings.push(warning.name);
    process.on("warning", hear);
    const yaml = `${operation("endpoint: /x").replace("operations:", "rate_limits: [{ scope: per_account, limit: 20, interval_seconds: 60 }]\noperations:")}`;
    const made = await line(yaml, { "GET /x": silence() });
    open.push(made);
    const stop = new AbortController();
    // Twenty are on the wire, twenty wait for the limit.
    const calls = Array.from({ length: 40 }, () =>
      made.connection.attempt("op", {}, { signal: stop.signal, timeoutMs: 600_000 }),
    );
    await expect.poll(() => made.server.requests.length).toBe(20);
    stop.abort();
    const codes = (await Promise.all(calls)).map((result) => (result.ok ? "ok" : result.error.code));
    expect(new Set(codes)).toEqual(new Set(["aborted"]));
    await new Promise((resolve) => setImmediate(resolve));
    process.off("warning", hear);
    expect(warnings).toEqual([]);
  });
});
