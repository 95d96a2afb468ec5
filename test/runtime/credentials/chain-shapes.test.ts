import { join } from "node:path";
import { afterEach, describe, expect, it, test } from "vitest";
import { createFileState, createRuntime } from "../../../runtime/index.ts";
import {
  createFakeClock,
  type Handler,
  json,
  type ReceivedRequest,
  type Routes,
  status,
  text,
} from "../../../runtime/testing/index.ts";
import { folderWith } from "../../cli/support.ts";
import { descriptor, type Line, type LineOptions, line } from "../../support/line.ts";

let open: Line[] = [];
afterEach(async () => {
  await Promise.all(open.map((one) => one.close()));
  open = [];
});

const yaml = (steps: string, operation = "", last = "token"): string => `${descriptor(
  `operations: [{ operation_id: op, summary: One, endpoint: /x, auth_type_ref: p${operation} }]`,
  "  - { type: api_key, profile_id: p, credential_chain_id: c, fields: [{ key: k, label: K, secret: true }] }",
)}
credential_chains:
  - chain_id: c
    description: Steps.
    initial_credentials_required: [k]
    final_credential_name: ${last}
    steps:
${steps}`;

async function connect(source: string, routes: Routes, options: LineOptions = {}): Promise<Line> {
  const made = await line(source, routes, { ...options, connect: { credentials: { k: "k-1" } } });
  open.push(made);
  return made;
}

/** The steps that were called, in their order, since the last time. */
function trace({ server }: Line): () => string {
  let seen = 0;
  return () => {
    const paths = server.requests.slice(seen).map(({ path }) => path.slice(1));
    seen = server.requests.length;
    return paths.join(" ");
  };
}

const bodiesOf = ({ server }: Line): string[] => server.requests.map((request) => request.text);

describe("a chain of five steps", () => {
  const five = yaml(`
      - { step_name: session, method: POST, endpoint: "{base_url}/session", content_type: form, body: { user: ann, key: "{k}" }, extract: { sid: { cookie: sid } } }
      - { step_name: csrf, method: GET, endpoint: "{base_url}/csrf", headers: { Cookie: "sid={sid}" }, extract: { csrf: { header: X-CSRF } } }
      - { step_name: ticket, method: POST, endpoint: "{base_url}/ticket", content_type: xml, body: '<login csrf="{csrf}"/>', response_type: xml, extract: { ticket: "$.answer.ticket" } }
      - { step_name: code, method: POST, endpoint: "{base_url}/code", content_type: text, body: "ticket={ticket}", extract: { code: { text: true } } }
      - { step_name: token, method: POST, endpoint: "{base_url}/token", body: { code: "{code}", session: { id: "{sid}" } }, extract: { token: "$.access_token", expires_in: "$.expires_in" } }`);
  const routes: Routes = {
    "POST /session": { text: "<html>", headers: { "set-cookie": ["sid=s%2F1; Path=/; HttpOnly"] } },
    "GET /csrf": { headers: { "x-csrf": "<c&1>" } },
    "POST /ticket": {
      text: "<answer><ticket>t-1</ticket></answer>",
      headers: { "content-type": "text/xml" },
    },
    "POST /code": text("code-1\n"),
    "POST /token": json({ access_token: "a-1", expires_in: "3600" }),
    "GET /x": json(1),
  };

  it("speaks form, cookies, headers, XML, text and JSON, each value as it came", async () => {
    const made = await connect(five, routes);
    await made.connection.call("op");
    expect(bodiesOf(made)).toEqual([
      "user=ann&key=k-1",
      "",
      '<login csrf="&lt;c&amp;1&gt;"/>',
      "ticket=t-1",
      '{"code":"code-1","session":{"id":"s%2F1"}}',
      "",
    ]);
    expect(made.server.requests[1]?.headers.cookie).toBe("sid=s%2F1");
    expect(made.server.requests[5]?.headers.authorization).toBe("Bearer a-1");
  });

  it.each<[step: string, route: string, said: string, reply: Handler]>([
    ["session", "POST /session", "the server answered 403: locked", () => status(403, { message: "locked" })],
    ["csrf", "GET /csrf", 'header "X-CSRF" found nothing in the answer (status 200)', () => json({})],
    [
      "ticket",
      "POST /ticket",
      "the server answered 500: no ticket",
      () => ({
        ...text("<E><Message>no ticket</Message></E>", { status: 500 }),
        headers: { "content-type": "text/xml" },
      }),
    ],
    [
      "code",
      "POST /code",
      "the server answered 400: wrong ticket",
      () => text("wrong ticket", { status: 400 }),
    ],
    [
      "token",
      "POST /token",
      "$.access_token found nothing in the answer (status 200, which says: code is used up)",
      () => json({ ok: false, error: "code is used up" }),
    ],
  ])(
    "names the step %s that fails, its status and what the server says",
    async (step, route, said, reply) => {
      const made = await connect(five, { ...routes, [route]: reply });
      const outcome = made.connection.attempt("op");
      let done = false;
      void outcome.then(() => {
        done = true;
      });
      // What may pass is tried again, by the clock.
      while (!done) await made.clock.advance(500);
      expect(await outcome).toMatchObject({
        ok: false,
        error: {
          message: expect.stringContaining(`Step "${step}" of the credential chain failed: ${said}`),
          details: { step },
        },
      });
    },
  );
});

/** Four steps: `a`, then `b` and `c` from it, then `token` from both. */
const diamond = (lives: Readonly<Record<"a" | "b" | "c" | "token", number>>, operation = ""): string =>
  yaml(
    `
      - { step_name: a, method: POST, endpoint: "{base_url}/a", body: { k: "{k}" }, extract: { a: "$.v" }, ttl_seconds: ${lives.a} }
      - { step_name: b, method: POST, endpoint: "{base_url}/b", body: { a: "{a}" }, extract: { b: "$.v" }, ttl_seconds: ${lives.b} }
      - { step_name: c, method: POST, endpoint: "{base_url}/c", body: { a: "{a}" }, extract: { c: "$.v" }, ttl_seconds: ${lives.c} }
      - { step_name: token, method: POST, endpoint: "{base_url}/token", body: { b: "{b}", c: "{c}" }, extract: { token: "$.v" }, ttl_seconds: ${lives.token} }`,
    operation,
  );

/** Each step gives `<name>-1`, `<name>-2`, …, and takes only values that are its givers' newest, once `strict`. */
function givers(): { readonly routes: Routes; stale: Set<string>; refuse: Set<string> } {
  const stale = new Set<string>();
  const refuse = new Set<string>();
  const step =
    (name: string): Handler =>
    ({ text: body }, { count }) =>
      [...stale].some((value) => body.includes(`"${value}"`)) || refuse.has(name)
        ? status(401, { message: "stale" })
        : json({ v: `${name}-${count}` });
  const routes: Routes = {
    ...Object.fromEntries(["a", "b", "c", "token"].map((name) => [`POST /${name}`, step(name)])),
    "GET /x": ({ headers }: ReceivedRequest) =>
      [...stale].some((value) => headers.authorization?.includes(value)) ? status(401) : json(1),
  };
  return { routes, stale, refuse };
}

describe("a chain whose steps meet again", () => {
  const lives = { a: 10_000, b: 60, c: 10_000, token: 3_600 };

  it("runs each step once, in order", async () => {
    const made = await connect(diamond(lives), givers().routes);
    const since = trace(made);
    await made.connection.call("op");
    expect(since()).toBe("a b c token x");
  });

  it("runs again what has ended and what hangs on it, and nothing before it is needed", async () => {
    const made = await connect(diamond(lives), givers().routes);
    const since = trace(made);
    await made.connection.call("op");
    since();
    // Only the last step reads b: while its token lives, b may end.
    await made.clock.advance(1_000_000);
    await made.connection.call("op");
    expect(since()).toBe("x");
    made.clock.jump(2_600_001);
    await made.connection.call("op");
    expect(since()).toBe("b token x");
  });

  it("keeps what an operation sends by name alive for itself", async () => {
    const made = await connect(
      diamond(lives, ', auth_headers: { Authorization: "Bearer {token}", X-B: "{b}" }'),
      givers().routes,
    );
    const since = trace(made);
    await made.connection.call("op");
    since();
    made.clock.jump(60_001);
    await made.connection.call("op");
    expect(since()).toBe("b token x");
    expect(made.server.requests.at(-1)?.headers["x-b"]).toBe("b-2");
  });

  it("repeats one giver after another where a step is refused with cached values, each once", async () => {
    const { routes, stale } = givers();
    const made = await connect(diamond({ ...lives, b: 10_000 }), routes);
    const since = trace(made);
    await made.connection.call("op");
    since();
    stale.add("c-1");
    made.clock.jump(3_600_001);
    await made.connection.call("op");
    expect(since()).toBe("token b token c token x");
  });

  it("goes back as far as the first value that is stale", async () => {
    const { routes, stale } = givers();
    const made = await connect(diamond({ ...lives, b: 10_000 }), routes);
    const since = trace(made);
    await made.connection.call("op");
    since();
    for (const value of ["a-1", "b-1", "c-1"]) stale.add(value);
    made.clock.jump(3_600_001);
    await made.connection.call("op");
    expect(since()).toBe("token b a b c token x");
  });

  it("ends where every giver was repeated and the step is refused all the same", async () => {
    const { routes, refuse } = givers();
    const made = await connect(diamond({ ...lives, b: 10_000 }), routes);
    const since = trace(made);
    await made.connection.call("op");
    since();
    refuse.add("token");
    made.clock.jump(3_600_001);
    expect(await made.connection.attempt("op")).toMatchObject({
      ok: false,
      error: { code: "chain_step_failed", status: 401, details: { step: "token", server_message: "stale" } },
    });
    expect(since()).toBe("token b token c token");
  });
});

test("steps outlive the process in a file, each for its own time", async () => {
  const path = join(await folderWith({}), "store", "secrets.json");
  const clock = createFakeClock(1_000);
  const key = "0123456789abcdef0123456789abcdef";
  const first = await createFileState({ path, key, clock });
  const made = await connect(diamond({ a: 10_000, b: 5_000, c: 10_000, token: 3_600 }), givers().routes, {
    runtime: { clock, state: first, secrets: first.secrets },
  });
  const since = trace(made);
  await made.connection.call("op");
  expect(since()).toBe("a b c token x");
  await first.close();
  const next = async (): Promise<string> => {
    const state = await createFileState({ path, key, clock });
    const runtime = createRuntime({
      clock,
      state,
      secrets: state.secrets,
      network: { allow: [made.server.host] },
    });
    const connection = runtime.connect(made.ir, {
      credentials: { k: "k-1" },
      config: { base_url: made.server.origin },
    });
    await connection.call("op");
    await runtime.close();
    await state.close();
    return since();
  };
  expect(await next()).toBe("x");
  clock.jump(3_600_001);
  expect(await next()).toBe("token x");
  clock.jump(1_400_000);
  expect(await next()).toBe("b token x");
});

test.each(["token", "access_token"])(
  "a chain that begins with a field called `%s` runs all the same",
  async (name) => {
    const source = `${descriptor(
      "operations: [{ operation_id: op, summary: One, endpoint: /x, auth_type_ref: p }]",
      "  - { type: bearer, profile_id: p, credential_chain_id: c }",
    )}
credential_chains:
  - chain_id: c
    description: A session for a token.
    initial_credentials_required: [${name}]
    final_credential_name: session
    steps: [{ step_name: session, endpoint: "{base_url}/session", body: { key: "{${name}}" }, extract: { session: "$.session" } }]`;
    const made = await line(
      source,
      { "POST /session": json({ session: "s-1" }), "GET /x": json(1) },
      { connect: { credentials: { [name]: "long-lived" } } },
    );
    open.push(made);
    await made.connection.call("op");
    expect(made.server.requests.map(({ headers, text: body }) => body || headers.authorization)).toEqual([
      '{"key":"long-lived"}',
      "Bearer s-1",
    ]);
  },
);
