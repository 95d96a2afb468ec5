import { afterEach, describe, expect, it } from "vitest";
import {
  type FakeClock,
  type Handler,
  json,
  type Routes,
  sequence,
  status,
  type TokenEndpoint,
  tokenEndpoint,
} from "../../../runtime/testing/index.ts";
import { type Line, type LineOptions, line } from "../../support/line.ts";

/** The reference's own example: a token for a year, with it a token for an hour. */
const securonix = `
metadata: { name: Securonix, slug: securonix, description: Securonix SIEM over a chain., publisher: Tests }
credential_chains:
  - chain_id: securonix_oauth
    description: Multi-step OAuth for Securonix SIEM
    initial_credentials_required: [username, password, base_url, gateway_url]
    steps:
      - step_name: ws_token
        endpoint: "{base_url}/Snypr/ws/token/generate"
        method: GET
        headers: { username: "{username}", password: "{password}", validity: "365" }
        extract: { ws_token: "$.token" }
        ttl_seconds: 31536000
      - step_name: oauth_token
        endpoint: "{gateway_url}/api/v2/oauth/token"
        method: POST
        headers: { wstoken: "{ws_token}" }
        extract: { bearer_token: "$.access_token", expires_in: "$.expires_in" }
    final_credential_name: bearer_token
authentication:
  - type: api_key
    description: Securonix bearer token via multi-step OAuth
    credential_chain_id: securonix_oauth
operations:
  - operation_id: list_incidents
    endpoint: "{gateway_url}/incidents"
    summary: List incidents
    auth_type_ref: api_key
    credential_field: bearer_token
`;

interface Upstream extends Line {
  readonly ws: TokenEndpoint;
  readonly oauth: TokenEndpoint;
  /** Calls of the first and second step so far. */
  readonly steps: () => readonly [number, number];
}

let open: Line[] = [];
afterEach(async () => {
  await Promise.all(open.map((one) => one.close()));
  open = [];
});

/** An upstream that issues, ends and checks its tokens by the same clock. */
async function upstream(
  extra: Partial<Record<"ws" | "oauth", Handler>> = {},
  options: LineOptions = {},
): Promise<Upstream> {
  const late: { clock?: FakeClock } = {};
  const clock: FakeClock = new Proxy({} as FakeClock, { get: (_, key) => (late.clock as never)[key] });
  const ws = tokenEndpoint({
    clock,
    ttlSeconds: 31_536_000,
    prefix: "ws",
    body: ({ token }) => ({ token }),
    accepts: ({ headers }) => headers.username === "ada" && headers.password === "pw-secret-1",
  });
  const oauth = tokenEndpoint({
    clock,
    ttlSeconds: 3600,
    prefix: "bearer",
    accepts: ({ headers }) => ws.accepts(headers.wstoken ?? ""),
  });
  const routes: Routes = {
    "GET /Snypr/ws/token/generate": extra.ws ?? ws.handler,
    "POST /api/v2/oauth/token": extra.oauth ?? oauth.handler,
    "GET /incidents": oauth.protect(json({ incidents: [1] })),
  };
  const { server, ...rest } = await lineOn(securonix, routes, options);
  late.clock = rest.clock;
  const steps = (): readonly [number, number] => [
    server.times("GET /Snypr/ws/token/generate"),
    server.times("POST /api/v2/oauth/token"),
  ];
  return { ...rest, server, ws, oauth, steps };
}

/** The base URLs are credentials here: they are known only once the server listens. */
async function lineOn(yaml: string, routes: Routes, options: LineOptions): Promise<Line> {
  const made = await line(yaml, routes, {
    ...options,
    connect: {
      credentials: { username: "u", password: "p", base_url: "https://x", gateway_url: "https://x" },
    },
  });
  const { origin } = made.server;
  const credentials = {
    username: "ada",
    password: "pw-secret-1",
    base_url: origin,
    gateway_url: origin,
    ...(options.connect?.credentials as object),
  };
  const connection = made.runtime.connect(made.ir, { ...options.connect, credentials });
  const whole = { ...made, connection };
  open.push(whole);
  return whole;
}

describe("a credential chain", () => {
  it("makes two token calls at first use and none on the next 100 calls", async () => {
    const { connection, steps, server } = await upstream();
    expect((await connection.call("list_incidents")).data).toEqual({ incidents: [1] });
    expect(steps()).toEqual([1, 1]);
    for (let n = 0; n < 100; n++) await connection.call("list_incidents");
    expect(steps()).toEqual([1, 1]);
    expect(server.times("/incidents")).toBe(101);
  });

  it("repeats the second step alone when the one-hour token ends", async () => {
    const { connection, steps, clock } = await upstream();
    await connection.call("list_incidents");
    clock.jump(3_601_000);
    expect(await connection.call("list_incidents")).toMatchObject({ status: 200, attempts: 1 });
    expect(steps()).toEqual([1, 2]);
  });

  it("makes one refresh for 100 callers at once", async () => {
    const { connection, steps, clock } = await upstream();
    const callAll = () => Promise.all(Array.from({ length: 100 }, () => connection.call("list_incidents")));
    await callAll();
    expect(steps()).toEqual([1, 1]);
    clock.jump(3_601_000);
    await callAll();
    expect(steps()).toEqual([1, 2]);
  });

  it("renews ahead of the end while the old token still serves", async () => {
    const { connection, steps, clock, server } = await upstream();
    await connection.call("list_incidents");
    clock.jump(3_600_000 - 299_000);
    await connection.call("list_incidents");
    expect(server.requests.filter(({ path }) => path === "/incidents").at(-1)?.headers.authorization).toBe(
      "Bearer bearer-1",
    );
    await expect.poll(() => steps()[1]).toBe(2);
    clock.jump(299_000);
    expect(await connection.call("list_incidents")).toMatchObject({ attempts: 1 });
    expect(steps()).toEqual([1, 2]);
  });

  it("renews the last step once when the operation is refused, and replays it", async () => {
    const { connection, steps, oauth } = await upstream();
    await connection.call("list_incidents");
    oauth.revokeAll();
    const results = await Promise.all(Array.from({ length: 20 }, () => connection.call("list_incidents")));
    expect(results.every(({ attempts }) => attempts === 2)).toBe(true);
    expect(steps()).toEqual([1, 2]);
  });

  it("says authentication_failed when the renewed token is refused too", async () => {
    const { connection, server, steps } = await upstream();
    await connection.call("list_incidents");
    server.reply({
      "POST /api/v2/oauth/token": json({ access_token: "other", expires_in: 60 }),
      "GET /incidents": status(401, { message: "no" }),
    });
    await expect(connection.call("list_incidents")).rejects.toMatchObject({
      code: "authentication_failed",
      status: 401,
      attempts: 2,
    });
    expect(steps()).toEqual([1, 2]);
  });

  it("repeats the giving step once when a cached input is refused", async () => {
    const { connection, steps, clock, ws } = await upstream();
    await connection.call("list_incidents");
    ws.revokeAll();
    clock.jump(3_601_000);
    expect(await connection.call("list_incidents")).toMatchObject({ attempts: 1 });
    expect(steps()).toEqual([2, 3]);
  });

  it("names the step, the path, the status and the server's message, and no secret", async () => {
    const broken = await upstream({ ws: () => json({ tokens: ["a", "b"] }) });
    await expect(broken.connection.call("list_incidents")).rejects.toMatchObject({
      code: "chain_step_failed",
      phase: "credentials",
      operation: "list_incidents",
      details: { step: "ws_token", path: "$.token" },
      message: expect.stringContaining("$.token found nothing"),
    });
    const refused = await upstream({
      ws: () => status(401, { message: "wrong password pw-secret-1 for ada" }),
    });
    const outcome = await refused.connection.attempt("list_incidents");
    expect(outcome).toMatchObject({
      ok: false,
      error: { code: "chain_step_failed", status: 401, details: { step: "ws_token" } },
    });
    expect(outcome.ok ? "" : outcome.error.message).toContain(
      'Step "ws_token" of the credential chain failed: the server answered 401: wrong password [secret] for ada',
    );
    expect(JSON.stringify(outcome)).not.toContain("pw-secret-1");
  });

  it("shares a back-off after a passing failure and a refusal for good", async () => {
    const { connection, clock, server } = await upstream({ oauth: () => status(418) });
    const count = () => server.times("POST /api/v2/oauth/token");
    const fail = (n: number) =>
      Promise.all(
        Array.from({ length: n }, () =>
          expect(connection.call("list_incidents")).rejects.toMatchObject({ code: "chain_step_failed" }),
        ),
      );
    await fail(10);
    await fail(10);
    expect(count()).toBe(1);
    clock.jump(1_001);
    await fail(3);
    expect(count()).toBe(2);
    clock.jump(1_500);
    await fail(1);
    expect(count()).toBe(2);
    server.reply({ "POST /api/v2/oauth/token": status(400, { error: "invalid_grant" }) });
    clock.jump(1_000);
    await fail(1);
    expect(count()).toBe(3);
    clock.jump(86_400_000);
    await fail(1);
    expect(count()).toBe(3);
  });

  it("keeps tenants and secrets apart and shares between equal connections", async () => {
    const { connection, runtime, ir, steps, server } = await upstream();
    await connection.call("list_incidents");
    const credentials = {
      username: "ada",
      password: "pw-secret-1",
      base_url: server.origin,
      gateway_url: server.origin,
    };
    await runtime.connect(ir, { credentials }).call("list_incidents");
    expect(steps()).toEqual([1, 1]);
    await runtime.connect(ir, { credentials, identity: { tenant: "other" } }).call("list_incidents");
    expect(steps()).toEqual([2, 2]);
    const wrong = runtime.connect(ir, { credentials: { ...credentials, password: "wrong-one" } });
    await expect(wrong.call("list_incidents")).rejects.toMatchObject({ code: "chain_step_failed" });
  });

  it("keeps users apart to whom a server gives the same intermediate token", async () => {
    let issued = 0;
    const { runtime, ir, server } = await upstream();
    server.reply({
      "GET /Snypr/ws/token/generate": json({ token: "everyone's" }),
      "POST /api/v2/oauth/token": () => json({ access_token: `bearer-${++issued}`, expires_in: 3600 }),
      "GET /incidents": ({ headers }) => json(headers.authorization),
    });
    const as = async (password: string): Promise<unknown> => {
      const credentials = { username: "ada", password, base_url: server.origin, gateway_url: server.origin };
      return (await runtime.connect(ir, { credentials }).call("list_incidents")).data;
    };
    expect(await as("one-password")).toBe("Bearer bearer-1");
    expect(await as("two-password")).toBe("Bearer bearer-2");
    expect(await as("one-password")).toBe("Bearer bearer-1");
  });

  it("says in whole milliseconds when a failed refresh may be tried again", async () => {
    const { connection, clock } = await upstream({ oauth: () => status(418) });
    await connection.attempt("list_incidents");
    clock.jump(0.3);
    const again = await connection.attempt("list_incidents");
    expect(!again.ok && again.error.retryAt).toSatisfy(Number.isInteger);
  });

  it("asks a credentials function once, and again when what it gave is refused", async () => {
    const reasons: string[] = [];
    const { runtime, ir, server, steps } = await upstream();
    const connection = runtime.connect(ir, {
      credentials: ({ profile, reason }) => {
        reasons.push(`${profile}:${reason}`);
        return {
          username: "ada",
          password: reason === "first" ? "outdated" : "pw-secret-1",
          base_url: server.origin,
          gateway_url: server.origin,
        };
      },
    });
    await connection.call("list_incidents");
    await connection.call("list_incidents");
    expect(reasons).toEqual(["api_key:first", "api_key:refused"]);
    expect(steps()).toEqual([2, 1]);
  });

  it("lets a caller go at its own deadline while the refresh runs on for others", async () => {
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { connection, steps } = await upstream(
      {
        ws: async () => {
          await held;
          return json({ token: "ws-x" });
        },
        oauth: sequence(json({ access_token: "bearer-x" })),
      },
      { realTime: true },
    );
    await expect(connection.call("list_incidents", {}, { timeoutMs: 60 })).rejects.toMatchObject({
      code: "deadline_exceeded",
    });
    const patient = connection.attempt("list_incidents");
    release();
    await patient;
    expect(steps()[0]).toBe(1);
  });
});
