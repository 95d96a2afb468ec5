import { afterEach, describe, expect, it } from "vitest";
import { createRetryBudget } from "../../../runtime/retry/budget.ts";
import { parseRetryAfter } from "../../../runtime/retry/retry-after.ts";
import {
  type Handler,
  json,
  type Routes,
  rateLimited,
  resetBeforeHeaders,
  resetMidBody,
  sequence,
  status,
  truncatedClose,
} from "../../../runtime/testing/index.ts";
import { type Line, type LineOptions, line, operation } from "../../support/line.ts";

let open: Line[] = [];
const fast = "retry: { initial_ms: 1, max_ms: 2 }";
const start = async (
  fields: string,
  routes: Routes,
  options: LineOptions = { realTime: true },
): Promise<Line> => {
  const made = await line(operation(fields), routes, options);
  open.push(made);
  return made;
};
afterEach(async () => {
  await Promise.all(open.map((one) => one.close()));
  open = [];
});

describe("a failed read", () => {
  it.each([
    ["503", status(503)],
    ["429 without a word", rateLimited()],
    ["a reset before the head", resetBeforeHeaders()],
    ["a body that breaks off", resetMidBody()],
    ["a body that ends with the connection, midway", truncatedClose('{"items":[1,')],
  ])("is repeated after %s", async (_, fault) => {
    const { connection, server } = await start(`endpoint: /x\n${fast}`, {
      "GET /x": sequence(fault, fault, json("fine")),
    });
    expect(await connection.call("op")).toMatchObject({ data: "fine", attempts: 3 });
    expect(server.requests).toHaveLength(3);
  });

  it("is given up after three attempts in all", async () => {
    const { connection, server } = await start(`endpoint: /x\n${fast}`, {
      "GET /x": status(502, { message: "bad gateway" }),
    });
    await expect(connection.call("op")).rejects.toMatchObject({
      code: "upstream_error",
      status: 502,
      attempts: 3,
      retryable: true,
    });
    expect(server.requests).toHaveLength(3);
  });

  it("waits as long as Retry-After says, and not past the deadline", async () => {
    const { connection, server, clock } = await start(
      "endpoint: /x",
      { "GET /x": sequence(rateLimited(7), json("fine"), rateLimited(60)) },
      {},
    );
    const call = connection.call("op");
    await expect.poll(() => server.requests.length).toBe(1);
    await expect.poll(() => clock.pending()).toBeGreaterThan(1);
    await clock.advance(6_900);
    expect(server.requests).toHaveLength(1);
    await clock.advance(200);
    expect(await call).toMatchObject({ data: "fine", attempts: 2 });
    await expect(connection.call("op")).rejects.toMatchObject({
      code: "rate_limited",
      retryAt: clock.wall() + 60_000,
      attempts: 1,
    });
  });

  it("obeys the author's rules: fail, retry, ignore", async () => {
    const rules = `
errors:
  - { when: { json: { path: $.ok, equals: false } }, action: fail, code: not_ok, message: The API said no. }
  - { when: { status: 404 }, action: ignore }
  - { when: { status: 409 }, action: retry }`;
    const { connection, server } = await start(`endpoint: /x\n${fast}\n${rules}`, {
      "GET /x": json({ ok: false }),
    });
    await expect(connection.call("op")).rejects.toMatchObject({
      code: "not_ok",
      message: "test-api op: The API said no.",
    });
    server.reply({ "GET /x": status(404, { gone: true }) });
    expect(await connection.call("op")).toMatchObject({ data: { gone: true }, status: 404 });
    server.reply({ "GET /x": sequence(status(409), json(2)) });
    expect(await connection.call("op")).toMatchObject({ data: 2, attempts: 2 });
  });
});

describe("a failed write", () => {
  it.each([
    ["503", status(503), "upstream_error"],
    ["a reset", resetBeforeHeaders(), "network_error"],
  ])("is not sent again after %s", async (_, fault, code) => {
    const { connection, server } = await start(`endpoint: /x\nmethod: POST\n${fast}`, { "POST /x": fault });
    await expect(connection.call("op")).rejects.toMatchObject({ code, attempts: 1 });
    expect(server.requests).toHaveLength(1);
  });

  it("is not sent again for a status of `on_status`, which says what may pass and not that nothing was done", async () => {
    const { connection, server } = await start(
      "endpoint: /x\nmethod: POST\nretry: { initial_ms: 1, max_ms: 2, on_status: [503] }",
      { "POST /x": status(503) },
    );
    await expect(connection.call("op")).rejects.toMatchObject({ code: "upstream_error", attempts: 1 });
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    [503, 2],
    [409, 2],
    [500, 1],
    [502, 1],
  ])(
    "under a rule that says retry, is sent again after %i only where that refuses the request",
    async (code, sent) => {
      const { connection, server } = await start(
        `endpoint: /x\nmethod: POST\n${fast}\nerrors: [{ when: { status: ${code} }, action: retry }]`,
        { "POST /x": sequence(status(code), json(1)) },
      );
      await connection.attempt("op");
      expect(server.requests).toHaveLength(sent);
    },
  );

  it("is sent again where the answer says that nothing was done", async () => {
    const { connection, server } = await start(`endpoint: /x\nmethod: POST\n${fast}`, {
      "POST /x": sequence(rateLimited(), json(1)),
    });
    expect(await connection.call("op")).toMatchObject({ attempts: 2 });
    expect(server.requests).toHaveLength(2);
  });

  it("is sent again under one idempotency key, the caller's or a new one for each call", async () => {
    const handler: Handler = sequence(resetBeforeHeaders(), status(503), json(1), json(2), json(3));
    const { connection, server } = await start(
      `endpoint: /x\nmethod: POST\nidempotency: { header: Idempotency-Key }\n${fast}`,
      { "POST /x": handler },
    );
    expect(await connection.call("op")).toMatchObject({ attempts: 3 });
    await connection.call("op", {}, { idempotencyKey: "mine-1" });
    await connection.call("op");
    const keys = server.requests.map(({ headers }) => headers["idempotency-key"]);
    expect(new Set(keys.slice(0, 3)).size).toBe(1);
    expect(keys[3]).toBe("mine-1");
    expect(new Set([keys[0], keys[3], keys[4]]).size).toBe(3);
    await expect(connection.call("op", {}, { idempotencyKey: "a\r\nb" })).rejects.toMatchObject({
      code: "invalid_parameters",
    });
  });
});

describe("an operation's own `retry`", () => {
  it("goes over that of `defaults`, key by key", async () => {
    const made = await line(
      `${operation("endpoint: /x\nretry: { max_attempts: 2 }")}\ndefaults: { retry: { max_attempts: 1, initial_ms: 1, max_ms: 2, on_status: [418] } }`,
      { "GET /x": status(418) },
      { realTime: true },
    );
    open.push(made);
    expect(await made.connection.attempt("op")).toMatchObject({ error: { status: 418, attempts: 2 } });
    made.server.reply({ "GET /x": status(503) });
    expect(await made.connection.attempt("op")).toMatchObject({ error: { status: 503, attempts: 1 } });
  });
});

describe("the retry budget", () => {
  it("shows in inspect() while it is not full", async () => {
    const { connection, server, runtime } = await start(`endpoint: /x\n${fast}`, {
      "GET /x": sequence(status(503), status(503), json(1)),
    });
    expect(await runtime.inspect()).toMatchObject({ retries: [] });
    await connection.call("op");
    expect(await runtime.inspect()).toMatchObject({
      retries: [{ tenant: "default", origin: server.origin, left: 98 }],
    });
    for (let call = 0; call < 9; call++) await connection.call("op");
    expect(await runtime.inspect()).toMatchObject({ retries: [] });
  });

  it("allows 100 retries while everything fails, and one more for five successes", () => {
    const budget = createRetryBudget();
    const spend = (): number => {
      let retries = 0;
      while (budget.take("t", "https://x")) retries++;
      return retries;
    };
    expect(spend()).toBe(100);
    expect(budget.take("other", "https://x")).toBe(true);
    for (let n = 0; n < 5; n++) budget.succeeded("t", "https://x");
    expect(spend()).toBe(1);
  });
});

describe("Retry-After", () => {
  const wall = Date.parse("2026-01-01T00:00:00Z");
  it.each([
    ["7", 7000],
    [" 0 ", 0],
    ["1.5", 1500],
    ["Thu, 01 Jan 2026 00:00:30 GMT", 30_000],
    ["Wed, 31 Dec 2025 00:00:00 GMT", 0],
    ["-1", undefined],
    ["soon", undefined],
    ["2026", 2_026_000],
    ["", undefined],
    [undefined, undefined],
  ])("%s is %s ms", (value, expected) => {
    expect(parseRetryAfter(value, wall)).toBe(expected);
  });
});
