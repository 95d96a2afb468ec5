import { afterEach, describe, expect, it } from "vitest";
import type { ConnectOptions, Runtime } from "../../../runtime/index.ts";
import {
  json,
  type Routes,
  rateLimited,
  resetBeforeHeaders,
  sequence,
  tokenEndpoint,
} from "../../../runtime/testing/index.ts";
import { descriptor, type Line, line } from "../../support/line.ts";

let open: Line[] = [];
afterEach(async () => {
  await Promise.all(open.map((one) => one.close()));
  open = [];
});

const limited = async (
  limit: string,
  options: ConnectOptions = { credentials: { token: "t-one" } },
  routes: Routes = { "GET /x": json(1) },
  realTime = false,
): Promise<Line> => {
  const yaml = descriptor(
    `operations: [{ operation_id: op, summary: One, endpoint: /x, auth_type_ref: bearer }]
rate_limits: [${limit}]`,
    "  - type: bearer",
  );
  const made = await line(yaml, routes, { connect: options, realTime });
  open.push(made);
  return made;
};

/** How many of `count` calls go out at once. */
const burst = async ({ server, runtime }: Line, calls: readonly Promise<unknown>[]): Promise<number> => {
  let refused = 0;
  for (const call of calls) call.catch(() => refused++);
  // Each call has arrived at the server, waits for its turn, or was told that its turn comes too late.
  const decided = async (): Promise<number> => server.requests.length + refused + (await waiting(runtime));
  await expect.poll(decided).toBe(calls.length);
  return server.requests.length;
};

const held = async ({ runtime }: Line): Promise<boolean> =>
  (await runtime.inspect()).limits.some(({ heldUntil }) => heldUntil !== undefined);

const waiting = async (runtime: Runtime): Promise<number> =>
  (await runtime.inspect()).queues.reduce((sum, queue) => sum + queue.waiting, 0);

describe("limits", () => {
  it("hold calls back until the window has room", async () => {
    const made = await limited("{ scope: per_connection, limit: 3, interval_seconds: 10 }");
    const calls = Array.from({ length: 5 }, () => made.connection.call("op"));
    expect(await burst(made, calls)).toBe(3);
    await made.clock.advance(9_900);
    expect(made.server.requests).toHaveLength(3);
    await made.clock.advance(200);
    await Promise.all(calls);
    expect(made.server.requests).toHaveLength(5);
  });

  it("fail at once where a call cannot start before its deadline", async () => {
    const made = await limited("{ scope: per_connection, limit: 1, interval_seconds: 60 }");
    await made.connection.call("op");
    await expect(made.connection.call("op", {}, { timeoutMs: 5_000 })).rejects.toMatchObject({
      code: "rate_limited",
      connector: "test-api",
      retryAt: expect.any(Number),
    });
    expect(made.server.requests).toHaveLength(1);
  });

  it.each([
    ["per_connection", { credentials: { token: "t-two" } }, 2],
    ["per_connection", { credentials: { token: "t-one" } }, 1],
    ["per_account", { credentials: { token: "t-two" }, identity: { account: "a" } }, 1],
    ["per_user", { credentials: { token: "t-two" }, identity: { account: "a", user: "other" } }, 2],
    ["per_token", { credentials: { token: "t-one" }, identity: { connection: "elsewhere" } }, 1],
    ["per_token", { credentials: { token: "t-two" }, identity: { account: "a" } }, 2],
    ["per_account", { credentials: { token: "t-one" }, identity: { account: "a", tenant: "other" } }, 2],
  ] as const)("%s count for %j", async (scope, second, expected) => {
    const identity = scope === "per_account" || scope === "per_user" ? { account: "a", user: "u" } : {};
    const made = await limited(`{ scope: ${scope}, limit: 1, interval_seconds: 60 }`, {
      credentials: { token: "t-one" },
      identity,
    });
    const other = made.runtime.connect(made.ir, { ...second, config: { base_url: made.server.origin } });
    expect(await burst(made, [made.connection.call("op"), other.call("op")])).toBe(expected);
    await made.clock.advance(60_000);
  });

  it("give the place back when nothing was sent, and count every attempt that was", async () => {
    const made = await limited(
      "{ scope: per_connection, limit: 2, interval_seconds: 600 }",
      { credentials: { token: "t-one" }, identity: { connection: "one" } },
      { "GET /x": sequence(resetBeforeHeaders(), json(1)) },
      true,
    );
    const nowhere = made.runtime.connect(made.ir, {
      credentials: { token: "t-one" },
      identity: { connection: "one" },
      config: { base_url: "http://127.0.0.1:1" },
    });
    await expect(nowhere.call("op")).rejects.toMatchObject({ code: "network_error", attempts: 3 });
    expect(await made.connection.call("op")).toMatchObject({ attempts: 2 });
    await expect(made.connection.call("op")).rejects.toMatchObject({ code: "rate_limited" });
  });

  it("hold everyone when the server says 429 with Retry-After", async () => {
    const made = await limited("{ scope: per_connection, limit: 100, interval_seconds: 10 }", undefined, {
      "GET /x": sequence(rateLimited(5), json(1)),
    });
    const first = made.connection.call("op");
    const held = async (): Promise<boolean> =>
      (await made.runtime.inspect()).limits.some(({ heldUntil }) => heldUntil !== undefined);
    await expect.poll(held).toBe(true);
    const second = made.connection.call("op");
    await expect.poll(() => waiting(made.runtime)).toBeGreaterThan(0);
    expect(made.server.requests).toHaveLength(1);
    // After a hold the rate comes back over a tenth of the window.
    await made.clock.advance(7_000);
    await Promise.all([first, second]);
    expect(made.server.requests).toHaveLength(3);
  });

  it.each([
    ["a RateLimit field that leaves nothing", json(1, { headers: { ratelimit: '"all";r=0;t=4' } }), 4_000],
    [
      "a field that the descriptor declares, in Unix seconds",
      json(1, { headers: { "x-left": "0", "x-reset": "1767225604" } }),
      4_000,
    ],
    [
      "429 with an old field instead of Retry-After",
      { status: 429, headers: { "x-ratelimit-reset": "1767225604" } },
      4_000,
    ],
    ["429 without a word", { status: 429 }, 1_000],
  ])("hold everyone after %s", async (name, reply, ms) => {
    const names = name.includes("declares")
      ? ", response_headers: { remaining: X-Left, reset: { header: X-Reset, unit: epoch_seconds } }"
      : "";
    const made = await limited(
      `{ scope: per_connection, limit: 100, interval_seconds: 10${names} }`,
      undefined,
      {
        "GET /x": sequence(reply, json(1)),
      },
    );
    const first = made.connection.attempt("op");
    await expect.poll(() => made.server.requests.length).toBe(1);
    // A refused call waits for its next attempt, an accepted one has ended.
    if (reply.status === 429) await expect.poll(() => held(made)).toBe(true);
    else await first;
    const second = made.connection.call("op");
    await expect.poll(() => waiting(made.runtime)).toBe(1);
    await made.clock.advance(ms - 1);
    expect(made.server.requests).toHaveLength(1);
    await made.clock.advance(3_000);
    await Promise.all([first, second]);
    expect(made.server.requests.length).toBeGreaterThanOrEqual(2);
  });

  it("let a call of high priority go before others that wait, and refuse an unknown one", async () => {
    const made = await limited("{ scope: per_connection, limit: 1, interval_seconds: 10 }", undefined, {
      "GET /x": json(1),
    });
    await made.connection.call("op");
    const order: string[] = [];
    const calls = (["low", "normal", "high"] as const).map((priority) =>
      made.connection.call("op", {}, { priority, timeoutMs: 60_000 }).then(() => order.push(priority)),
    );
    await expect.poll(() => waiting(made.runtime)).toBe(3);
    for (let turn = 1; turn <= 3; turn++) {
      await made.clock.advance(10_000);
      await expect.poll(() => order.length).toBe(turn);
    }
    await Promise.all(calls);
    expect(order).toEqual(["high", "normal", "low"]);
    const wrong = made.connection.call("op", {}, JSON.parse('{ "priority": "urgent" }'));
    await expect(wrong).rejects.toMatchObject({
      code: "invalid_parameters",
      message: expect.stringContaining("high, normal, low"),
    });
  });

  it("shared by tenants let them take turns", async () => {
    const made = await limited("{ scope: per_account, shared: tenants, limit: 1, interval_seconds: 10 }", {
      credentials: { token: "t-one" },
      identity: { tenant: "a", account: "app" },
    });
    const other = made.runtime.connect(made.ir, {
      credentials: { token: "t-two" },
      identity: { tenant: "b", account: "app" },
      config: { base_url: made.server.origin },
    });
    await made.connection.call("op");
    const order: string[] = [];
    const long = { timeoutMs: 100_000 };
    const calls = [1, 2, 3].map(() => made.connection.call("op", {}, long).then(() => order.push("a")));
    calls.push(...[1, 2].map(() => other.call("op", {}, long).then(() => order.push("b"))));
    await expect.poll(() => waiting(made.runtime)).toBe(5);
    for (let turn = 1; turn <= 5; turn++) {
      await made.clock.advance(10_000);
      await expect.poll(() => order.length).toBe(turn);
    }
    await Promise.all(calls);
    expect(order).toEqual(["a", "b", "a", "b", "a"]);
  });

  it("shared by tenants are one for all where no account is given", async () => {
    const made = await limited("{ scope: per_account, shared: tenants, limit: 1, interval_seconds: 60 }", {
      credentials: { token: "t-one" },
      identity: { tenant: "a" },
    });
    const other = made.runtime.connect(made.ir, {
      credentials: { token: "t-two" },
      identity: { tenant: "b" },
      config: { base_url: made.server.origin },
    });
    expect(await burst(made, [made.connection.call("op"), other.call("op")])).toBe(1);
    await made.clock.advance(60_000);
  });

  it("count token calls only where they include auth", async () => {
    for (const [includes, calls] of [
      ["[auth]", 1],
      ["[]", 2],
    ] as const) {
      const tokens = tokenEndpoint();
      const yaml = descriptor(
        `operations: [{ operation_id: op, summary: One, endpoint: /x, auth_type_ref: oauth2_client_credentials }]
rate_limits: [{ scope: per_connection, limit: 2, interval_seconds: 600, includes: ${includes} }]`,
        '  - type: oauth2_client_credentials\n    oauth: { token_url: "{base_url}/token" }',
      );
      const made = await line(
        yaml,
        { "POST /token": tokens.handler, "GET /x": tokens.protect(json(1)) },
        { connect: { credentials: { client_id: "id", client_secret: "sec" } } },
      );
      open.push(made);
      for (let n = 0; n < calls; n++) await made.connection.call("op");
      await expect(made.connection.call("op")).rejects.toMatchObject({ code: "rate_limited" });
    }
  });

  it("show up in inspect without any secret", async () => {
    const made = await limited("{ scope: per_token, limit: 3, interval_seconds: 10 }", {
      credentials: { token: "t-secret-canary" },
    });
    await made.connection.call("op");
    const report = await made.runtime.inspect();
    expect(report).toMatchObject({
      running: 0,
      limits: [{ used: 1, capacity: 3 }],
      origins: [{ origin: made.server.origin }],
    });
    expect(JSON.stringify(report)).not.toContain("canary");
  });
});

describe("a 429", () => {
  const advised = async (limits: string): Promise<string> => {
    const made = await line(
      descriptor(
        `operations: [{ operation_id: op, summary: One, endpoint: /x, auth_type_ref: none, retry: { max_attempts: 1 } }]\n${limits}`,
      ),
      { "GET /x": rateLimited() },
    );
    open.push(made);
    const outcome = await made.connection.attempt("op");
    return outcome.ok ? "" : outcome.error.message;
  };

  it("advises to declare a limit only where none is", async () => {
    expect(await advised("")).toContain("declare the limit under `rate_limits`");
    const declared = await advised("rate_limits: [{ scope: per_connection, limit: 5, interval_seconds: 1 }]");
    expect(declared).toContain("the server allows less than `rate_limits` declares");
    expect(declared).not.toContain("declare the limit");
  });
});
