import { afterEach, describe, expect, it } from "vitest";
import { ConnectorError, createRuntime } from "../../runtime/index.ts";
import {
  corruptGzip,
  createFailingState,
  createFakeClock,
  createMemoryState,
  json,
  rateLimited,
  redirect,
  requireBearer,
  resetBeforeHeaders,
  silence,
  status,
  text,
} from "../../runtime/testing/index.ts";
import { errorCodes } from "../../schema/language/error-codes.ts";
import { descriptor, irOf, type Line, type LineOptions, line, operation } from "../support/line.ts";

let open: Line[] = [];
afterEach(async () => {
  await Promise.all(open.map((one) => one.close()));
  open = [];
});

type Routes = Parameters<typeof line>[1];

async function start(yaml: string, routes: Routes = {}, options: LineOptions = {}): Promise<Line> {
  const made = await line(yaml, routes, options);
  open.push(made);
  return made;
}

/** Why a promise, or a piece of work, fails. */
async function failureOf(work: () => unknown): Promise<ConnectorError> {
  try {
    await work();
  } catch (thrown) {
    if (ConnectorError.is(thrown)) return thrown;
    throw thrown;
  }
  throw new Error("nothing failed");
}

const once = "retry: { max_attempts: 1 }";
const call =
  (fields: string, routes: Routes, options: LineOptions = {}) =>
  async () => {
    const made = await start(operation(`endpoint: /x\n${once}\n${fields}`), routes, options);
    return failureOf(() => made.connection.call("op"));
  };
const paged = (fields: string, routes: Routes) => async () => {
  const made = await start(operation(`endpoint: /x\n${fields}`), routes);
  return failureOf(async () => {
    for await (const _ of made.connection.records("op", {}, { maxPages: 2 }));
  });
};
const bearer = descriptor(
  "operations: [{ operation_id: op, endpoint: /x, summary: An operation, auth_type_ref: bearer }]",
  "  - { type: bearer, fields: [{ key: token, label: Token, secret: true }] }",
);
const login = descriptor(
  "operations: [{ operation_id: op, endpoint: /x, summary: An operation, auth_type_ref: p }]",
  `  - type: oauth2_authorization_code
    profile_id: p
    oauth: { authorize_url: "{base_url}/authorize", token_url: "{base_url}/token" }`,
);
const app = { credentials: { client_id: "id", client_secret: "s3cret-s3cret" } };
const cursor = `response: { records_path: "$.items" }
pagination: { type: cursor, cursor_path: "$.next", cursor_param: cursor, primary_key: ["$.id"] }`;
const limited = (fields: string): string =>
  `${operation(`endpoint: /x\n${fields}`)}\nrate_limits: [{ scope: per_connection, limit: 1, interval_seconds: 3600 }]`;

/** How each code comes about, in one way or in several. */
const failures: Readonly<Record<(typeof errorCodes)[number], readonly (() => Promise<ConnectorError>)[]>> = {
  configuration: [
    () => failureOf(() => createRuntime({ loger: 1 } as never)),
    () => failureOf(() => createRuntime({ circuit: { failures: 0 } })),
    async () => {
      const ir = await irOf(operation("endpoint: /x"));
      const runtime = createRuntime();
      return failureOf(() => runtime.connect({ ...ir, schemas: null }));
    },
  ],
  invalid_parameters: [
    async () => {
      const made = await start(operation("endpoint: /x"));
      return failureOf(() => made.connection.call("opp"));
    },
    async () => {
      const made = await start(operation("endpoint: /x\nparameters: [{ name: q, location: query }]"));
      return failureOf(() => made.connection.call("op", { w: 1 }));
    },
  ],
  missing_credential: [
    async () =>
      failureOf(async () =>
        (await start(bearer, {}, { connect: { credentials: {} } })).connection.call("op"),
      ),
    async () => {
      const credentials = () => Promise.reject(new Error("vault"));
      const made = await start(bearer, {}, { connect: { profile: "bearer", credentials } });
      return failureOf(() => made.connection.call("op"));
    },
  ],
  authentication_failed: [
    async () => {
      const routes = { "GET /x": requireBearer(() => false, json(1)) };
      const made = await start(bearer, routes, { connect: { credentials: { token: "t0ken-t0ken" } } });
      return failureOf(() => made.connection.call("op"));
    },
  ],
  reauthorization_required: [
    async () => {
      const made = await start(login, {}, { connect: app });
      return failureOf(() => made.connection.call("op"));
    },
  ],
  permission_denied: [call("", { "GET /x": status(403) })],
  chain_step_failed: [
    async () => {
      const made = await start(
        descriptor(
          "operations: [{ operation_id: op, endpoint: /x, summary: An operation, auth_type_ref: p }]",
          `  - type: oauth2_client_credentials
    profile_id: p
    oauth: { token_url: "{base_url}/token" }`,
        ),
        { "POST /token": json({ nothing: 1 }) },
        { connect: app },
      );
      return failureOf(() => made.connection.call("op"));
    },
  ],
  rate_limited: [
    call("", { "GET /x": rateLimited() }),
    async () => {
      const made = await start(limited(""), { "GET /x": json(1) });
      await made.connection.call("op");
      return failureOf(() => made.connection.call("op"));
    },
  ],
  queue_full: [
    async () => {
      const options = { runtime: { maxQueue: 1 } };
      const made = await start(limited("timeout_ms: 7200000"), { "GET /x": json(1) }, options);
      await made.connection.call("op");
      const waits = made.connection.attempt("op");
      const error = await failureOf(() => made.connection.call("op"));
      await made.clock.advance(3_600_000);
      await waits;
      return error;
    },
  ],
  deadline_exceeded: [
    async () => {
      const made = await start(operation(`endpoint: /x\n${once}`), { "GET /x": silence() });
      const late = failureOf(() => made.connection.call("op"));
      await expect.poll(() => made.server.requests.length).toBe(1);
      await made.clock.advance(30_000);
      return late;
    },
  ],
  upstream_error: [
    call("", { "GET /x": status(500) }),
    call("", { "GET /x": status(404) }),
    call("method: POST", { "POST /x": redirect("/y") }),
  ],
  response_invalid: [
    call("", { "GET /x": text("{oops") }),
    call("", { "GET /x": corruptGzip() }),
    call("response_schema: { type: object }", { "GET /x": json([]) }, { connect: { schemaCheck: "strict" } }),
  ],
  response_too_large: [
    call("", { "GET /x": json("x".repeat(5_000)) }, { runtime: { maxResponseBytes: 1_000 } }),
  ],
  truncated: [
    paged(cursor, { "GET /x": ({ number }) => json({ items: [{ id: number }], next: String(number) }) }),
  ],
  pagination_loop: [
    paged(cursor, { "GET /x": ({ number }) => json({ items: [{ id: number }], next: "same" }) }),
  ],
  pagination_inconsistent: [
    paged(cursor, { "GET /x": ({ number }) => json({ items: [{ id: 1 }], next: String(number) }) }),
  ],
  network_error: [
    call("", { "GET /x": resetBeforeHeaders() }),
    async () => {
      const options = { runtime: { circuit: { failures: 1, runMs: 0 } } };
      const made = await start(
        operation(`endpoint: /x\n${once}`),
        { "GET /x": resetBeforeHeaders() },
        options,
      );
      await made.connection.attempt("op");
      return failureOf(() => made.connection.call("op"));
    },
  ],
  destination_blocked: [
    call("", { "GET /x": redirect("http://10.0.0.1/") }),
    async () => {
      const made = await start(operation("endpoint: /x"), {}, { runtime: { network: { allow: [] } } });
      return failureOf(() => made.connection.call("op"));
    },
  ],
  policy_denied: [
    async () => {
      const made = await start(login, {}, { connect: app });
      const begun = await made.connection.authorize({ redirectUri: "http://127.0.0.1:7777/callback" });
      return failureOf(() => begun.complete("http://127.0.0.1:7777/callback?code=c&state=other"));
    },
  ],
  state_unavailable: [
    async () => {
      const clock = createFakeClock();
      const state = createFailingState(createMemoryState({ clock }), {
        clock,
        behave: (method) => (method === "admit" ? { kind: "reject" } : undefined),
      });
      const made = await start(limited(""), { "GET /x": json(1) }, { runtime: { clock, state } });
      return failureOf(() => made.connection.call("op"));
    },
  ],
  unsupported: [
    async () => {
      const ir = await irOf(operation("endpoint: /x"));
      return failureOf(() => createRuntime().connect({ ...ir, requires: ["tomorrow"] }));
    },
  ],
  aborted: [
    async () => {
      const made = await start(operation("endpoint: /x"), { "GET /x": json(1) });
      return failureOf(() => made.connection.call("op", {}, { signal: AbortSignal.abort() }));
    },
    async () => {
      const made = await start(operation("endpoint: /x"));
      await made.runtime.close();
      return failureOf(() => made.connection.call("op"));
    },
  ],
  internal: [
    async () => {
      const transport = {
        send: () => {
          throw new TypeError("oops");
        },
        slot: () => ({ release: () => {} }),
        waitForSlot: () => () => {},
        close: () => Promise.resolve(),
        inspect: () => [],
      };
      const made = await start(operation("endpoint: /x"), {}, { runtime: { transport } });
      return failureOf(() => made.connection.call("op"));
    },
  ],
};

/** A clause that tells the reader what to do, or the list of what there is to choose from. */
const nextStep =
  /(?:[.;,] |\bor )(?:ask|begin|call|check|compile|did you mean|give|go on|list|look|make|mend|name|narrow|please report|raise|read|run|see|sign in|try|use|wait|write|leave it out)\b|\bKnown: /i;

describe("the message of an error", () => {
  const table = Object.entries(failures).flatMap(([code, ways]) =>
    ways.map((way, at) => ({ code, at, way })),
  );

  it.each(table)("tells the next step: $code ($at)", async ({ code, way }) => {
    const error = await way();
    expect(error.code).toBe(code);
    expect(error.message).toMatch(nextStep);
    expect(error.message).toMatch(/[.?]$/);
  });

  it("is tried for every code that there is", () => {
    expect(Object.keys(failures).toSorted()).toEqual([...errorCodes].toSorted());
  });
});
