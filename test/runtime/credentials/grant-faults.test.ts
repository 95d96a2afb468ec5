import { inspect } from "node:util";
import { afterEach, describe, expect, test } from "vitest";
import { type ConnectOptions, createRuntime, type RuntimeOptions } from "../../../runtime/index.ts";
import {
  createFailingState,
  createFakeClock,
  createMemoryState,
  type FakeClock,
  type Handler,
  json,
  type Routes,
  resetBeforeHeaders,
  type StateBehaviour,
  type StateMethod,
  status,
} from "../../../runtime/testing/index.ts";
import { descriptor, type Line, line } from "../../support/line.ts";

let closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.map((close) => close()));
  closing = [];
});

const yaml = (oauth = "", profile = "", endpoint = "/x"): string =>
  descriptor(
    `operations: [{ operation_id: op, summary: One, endpoint: "${endpoint}", auth_type_ref: p }]`,
    `  - type: oauth2_authorization_code
    profile_id: p
    oauth: { authorize_url: "{base_url}/authorize", token_url: "{base_url}/token"${oauth} }${profile}`,
  );
const credentials = { client_id: "id", client_secret: "canary-secret", refresh_token: "canary-r0" };
const secrets = { key: "0123456789abcdef0123456789abcdef" };

/** What the test says of the store, changeable while it runs. */
interface Setup extends Line {
  behave: (method: StateMethod) => StateBehaviour | undefined;
  /** Another process over the same store. */
  another(connect?: ConnectOptions): ReturnType<ReturnType<typeof createRuntime>["connect"]>;
}

async function setUp(
  routes: Routes,
  options: {
    readonly yaml?: string;
    readonly connect?: ConnectOptions;
    readonly runtime?: RuntimeOptions;
  } = {},
): Promise<Setup> {
  const clock: FakeClock = createFakeClock(1_000);
  const state = createFailingState(createMemoryState({ clock }), {
    clock,
    behave: (method) => setup.behave(method),
  });
  const setup: { behave: Setup["behave"] } = { behave: () => undefined };
  const runtime = { clock, state, secrets, ...options.runtime };
  const made = await line(options.yaml ?? yaml(), routes, {
    connect: { credentials, ...options.connect },
    runtime,
  });
  closing.push(async () => {
    setup.behave = () => undefined;
    await clock.advance(40_000);
    const closed = made.close();
    await clock.advance(20_000);
    await closed;
  });
  return Object.assign(setup, made, {
    clock,
    another: (connect: ConnectOptions = {}) => {
      const other = createRuntime({ ...runtime, network: { allow: [made.server.host] } });
      closing.push(() => other.close());
      return other.connect(made.ir, { credentials, config: { base_url: made.server.origin }, ...connect });
    },
  });
}

/** Gives `a1` and `canary-r1` for `canary-r0`, and so on; a token that was used is refused. */
function rotating(): Handler {
  let count = 0;
  return ({ form }) => {
    if (form.get("refresh_token") !== `canary-r${count}`) return refused();
    count++;
    return json({ access_token: `a${count}`, refresh_token: `canary-r${count}`, expires_in: 100 });
  };
}

const refused = () => status(400, { error: "invalid_grant", error_description: "used before" });
const spent = ({ server }: Line) => server.times("/token");
const ok: Routes = { "GET /x": json(1) };

/** Lets requests arrive; time stands still meanwhile. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

describe("a store", () => {
  test("that hangs fails the call in time, and nothing is spent", async () => {
    const made = await setUp({ "POST /token": rotating(), ...ok });
    made.behave = () => ({ kind: "hang" });
    const call = made.connection.attempt("op");
    await made.clock.advance(5_000);
    expect(await call).toMatchObject({ ok: false, error: { code: "state_unavailable", retryable: true } });
    expect(spent(made)).toBe(0);
    made.behave = () => undefined;
    await made.clock.advance(31_000);
    expect(await made.connection.call("op")).toMatchObject({ data: 1 });
  });

  test("that does not take the intent keeps the token from being spent", async () => {
    const made = await setUp({ "POST /token": rotating(), ...ok });
    made.behave = (method) => (method === "compareAndSet" ? { kind: "reject" } : undefined);
    expect(await made.connection.attempt("op")).toMatchObject({ error: { code: "state_unavailable" } });
    expect(spent(made)).toBe(0);
  });

  test("that cannot say who owns the lease keeps the token from being spent", async () => {
    const made = await setUp({ "POST /token": rotating(), ...ok });
    made.behave = (method) => (method === "lease.renew" ? { kind: "reject" } : undefined);
    expect(await made.connection.attempt("op")).toMatchObject({ error: { code: "state_unavailable" } });
    expect(spent(made)).toBe(0);
    made.behave = () => undefined;
    await made.clock.advance(31_000);
    expect(await made.connection.call("op")).toMatchObject({ data: 1 });
  });

  test("that fails after the spend loses nothing: the new token is stored when it is back", async () => {
    const made = await setUp({ "POST /token": rotating(), ...ok });
    let writes = 0;
    made.behave = (method) => (method === "compareAndSet" && ++writes > 1 ? { kind: "reject" } : undefined);
    expect(await made.connection.call("op")).toMatchObject({ data: 1 });
    made.behave = () => undefined;
    await made.clock.advance(101_000);
    expect(await made.connection.call("op")).toMatchObject({ data: 1 });
    expect(await made.another().call("op")).toMatchObject({ data: 1 });
    expect(
      made.server.requests
        .filter(({ path }) => path === "/token")
        .map(({ form }) => form.get("refresh_token")),
    ).toEqual(["canary-r0", "canary-r1"]);
  });

  test("that fails after the spend keeps others from the old token until the new one is stored", async () => {
    const made = await setUp({ "POST /token": rotating(), ...ok });
    let writes = 0;
    made.behave = (method) =>
      method === "compareAndSet" && ++writes > 1 ? { kind: "reject" } : { kind: "answer", delayMs: 1 };
    const first = made.connection.call("op");
    await made.clock.advance(100);
    await until(() => made.server.times("/x") === 1);
    expect(await first).toMatchObject({ data: 1 });
    const other = made.another().call("op");
    // Longer than any lease that is not prolonged.
    await made.clock.advance(15_000);
    expect(spent(made)).toBe(1);
    made.behave = () => ({ kind: "answer", delayMs: 1 });
    await made.clock.advance(3_000);
    expect(await other).toMatchObject({ data: 1 });
    expect(spent(made)).toBe(1);
  });

  test("whose answer to the new token is lost has it all the same", async () => {
    const made = await setUp({ "POST /token": rotating(), ...ok });
    let writes = 0;
    made.behave = (method) =>
      method === "compareAndSet" && ++writes === 2 ? { kind: "answer_lost" } : undefined;
    expect(await made.connection.call("op")).toMatchObject({ data: 1 });
    expect(await made.another().call("op")).toMatchObject({ data: 1 });
    expect(spent(made)).toBe(1);
  });
});

describe("a spend without an answer", () => {
  test("is tried again, and a refusal then says why", async () => {
    let cut = true;
    const made = await setUp({
      "POST /token": () => (cut ? resetBeforeHeaders() : refused()),
      ...ok,
    });
    expect(await made.connection.attempt("op")).toMatchObject({ error: { code: "network_error" } });
    expect(spent(made)).toBe(1);
    cut = false;
    await made.clock.advance(2_000);
    expect(await made.connection.attempt("op")).toMatchObject({
      error: {
        code: "reauthorization_required",
        message: expect.stringContaining("cut off midway"),
      },
    });
    expect(await made.another().attempt("op")).toMatchObject({ error: { code: "reauthorization_required" } });
    expect(spent(made)).toBe(2);
  });

  test("that took too long ends before the lease does", async () => {
    const made = await setUp({ "POST /token": () => ({ ...json({}), delayMs: 60_000 }), ...ok });
    const call = made.connection.attempt("op");
    await until(() => spent(made) === 1);
    await made.clock.advance(8_500);
    expect(await call).toMatchObject({ error: { code: "deadline_exceeded" } });
  });
});

describe("an answer", () => {
  test("of success that says error is a refusal", async () => {
    const made = await setUp({ "POST /token": json({ error: "bad_refresh_token" }), ...ok });
    for (let call = 0; call < 2; call++)
      expect(await made.connection.attempt("op")).toMatchObject({
        error: { code: "reauthorization_required" },
      });
    expect(spent(made)).toBe(1);
  });

  test.each([
    ["raw", (text: string) => text],
    ["base64", (text: string) => Buffer.from(text).toString("base64")],
    ["percent-encoded", (text: string) => encodeURIComponent(text)],
    ["hex", (text: string) => Buffer.from(text).toString("hex")],
  ])("that repeats the secrets %s shows none of them", async (_, encode) => {
    const logged: unknown[] = [];
    const log = (fields: object, message: string): void => void logged.push(fields, message);
    const logger = { debug: log, info: log, warn: log, error: log };
    for (const code of ["invalid_grant", "server_error"]) {
      const made = await setUp(
        {
          "POST /token": ({ form }) =>
            status(400, {
              error: code,
              error_description: `${encode(String(form.get("refresh_token")))} and ${encode(String(form.get("client_secret")))}`,
            }),
          ...ok,
        },
        { runtime: { logger } },
      );
      const outcomes = [await made.connection.attempt("op"), await made.another().attempt("op")];
      const seen = inspect([outcomes, logged, await made.runtime.inspect()], { depth: 12, showHidden: true });
      expect(seen).toContain("[secret] and [secret]");
      for (const canary of ["canary-r0", "canary-secret"]) expect(seen).not.toContain(encode(canary));
    }
  });

  test("with Retry-After is taken at its word", async () => {
    const made = await setUp({
      "POST /token": () => status(429, {}, { "retry-after": "120" }),
      ...ok,
    });
    expect(await made.connection.attempt("op")).toMatchObject({ ok: false });
    await made.clock.advance(100_000);
    expect(await made.connection.attempt("op")).toMatchObject({ ok: false });
    expect(spent(made)).toBe(1);
    await made.clock.advance(21_000);
    await made.connection.attempt("op");
    expect(spent(made)).toBe(2);
  });
});

describe("other processes", () => {
  test("bring a consent that has ended back to life by a login", async () => {
    const { refresh_token: _, ...client } = credentials;
    let count = 0;
    const made = await setUp(
      {
        "POST /token": ({ form }) =>
          form.get("grant_type") === "refresh_token" && form.get("refresh_token") !== "r2"
            ? refused()
            : json({ access_token: `a${++count}`, refresh_token: `r${count}`, expires_in: 100 }),
        ...ok,
      },
      { connect: { credentials: client } },
    );
    const redirectUri = "http://127.0.0.1:1/";
    const logIn = async (connection = made.connection) => {
      const begun = await connection.authorize({ redirectUri });
      await begun.complete(`${redirectUri}?code=c&state=${begun.state}`);
    };
    await logIn();
    await made.clock.advance(101_000);
    expect(await made.connection.attempt("op")).toMatchObject({
      error: { code: "reauthorization_required" },
    });
    await logIn(made.another({ credentials: client }));
    expect(await made.connection.call("op")).toMatchObject({ data: 1 });
    // And its own refresh token is spent when that ends: the old refusal is forgotten.
    await made.clock.advance(101_000);
    expect(await made.connection.call("op")).toMatchObject({ data: 1 });
  });

  test("spend once together at the end of a token", async () => {
    const made = await setUp({ "POST /token": rotating(), ...ok });
    const connections = [made.connection, made.another(), made.another(), made.another()];
    await Promise.all(connections.map((connection) => connection.call("op")));
    await made.clock.advance(101_000);
    await Promise.all(
      connections.flatMap((connection) => Array.from({ length: 250 }, () => connection.call("op"))),
    );
    expect(spent(made)).toBe(2);
  });
});

describe("a token that is refused", () => {
  test("again and again is no reason to spend again and again", async () => {
    const made = await setUp({ "POST /token": rotating(), "GET /x": status(401) });
    for (let call = 0; call < 10; call++)
      expect(await made.connection.attempt("op")).toMatchObject({ error: { code: "authentication_failed" } });
    expect(spent(made)).toBe(2);
  });

  test("by a rule of `expired_when` is renewed", async () => {
    const made = await setUp(
      {
        "POST /token": rotating(),
        "GET /x": ({ headers }) =>
          headers.authorization === "Bearer a2" ? json(1) : status(403, { error: "token_expired" }),
      },
      {
        yaml: yaml(
          "",
          '\n    expired_when: [{ status: 403, json: { path: "$.error", equals: token_expired } }]',
        ),
      },
    );
    expect(await made.connection.call("op")).toMatchObject({ data: 1, attempts: 2 });
  });
});

test("a client that was refused may try again once its secret is corrected", async () => {
  const made = await setUp(
    {
      "POST /token": ({ form }) =>
        form.get("client_secret") === "right"
          ? json({ access_token: "a" })
          : status(401, { error: "invalid_client" }),
      ...ok,
    },
    { connect: { credentials: { ...credentials, client_secret: "wrong" } } },
  );
  for (let call = 0; call < 2; call++)
    expect(await made.connection.attempt("op")).toMatchObject({
      error: { code: "reauthorization_required" },
    });
  expect(spent(made)).toBe(1);
  const corrected = made.another({ credentials: { ...credentials, client_secret: "right" } });
  expect(await corrected.call("op")).toMatchObject({ data: 1 });
});

test("further values of the token answer are kept with it", async () => {
  const made = await setUp(
    { "POST /token": json({ access_token: "a", tenant: "eu" }), "GET /eu/x": json(1) },
    { yaml: yaml(', extract: { tenant: "$.tenant" }', "", "/{oauth.tenant}/x") },
  );
  await made.connection.call("op");
  await made.another().call("op");
  expect(made.server.times("/eu/x")).toBe(2);
  expect(spent(made)).toBe(1);
});

test("a function is asked again when what it gave has ended", async () => {
  const reasons: string[] = [];
  const made = await setUp(
    {
      "POST /token": ({ form }) =>
        form.get("refresh_token") === "new" ? json({ access_token: "a" }) : refused(),
      ...ok,
    },
    {
      connect: {
        credentials: ({ reason }) => {
          reasons.push(reason);
          return { ...credentials, refresh_token: reason === "first" ? "old" : "new" };
        },
      },
    },
  );
  expect(await made.connection.call("op")).toMatchObject({ data: 1 });
  expect(reasons).toEqual(["first", "refused"]);
});
