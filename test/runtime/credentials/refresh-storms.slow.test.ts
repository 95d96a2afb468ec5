import { describe, expect, onTestFinished, test } from "vitest";
import { createRuntime } from "../../../runtime/index.ts";
import {
  createFakeClock,
  type FakeClock,
  type Handler,
  json,
  type Routes,
  startServer,
  status,
  type TestServer,
} from "../../../runtime/testing/index.ts";
import { authKinds, descriptorOf, keyKinds } from "../../support/auth-kinds.ts";
import { descriptor, irOf } from "../../support/line.ts";

/** Three steps, each with what the one before gave. */
const threeSteps = `${descriptor(
  "operations: [{ operation_id: op, summary: One, endpoint: /x, auth_type_ref: p }]",
  "  - { type: api_key, profile_id: p, fields: [{ key: k, label: K, secret: true }], credential_chain_id: c }",
)}
credential_chains:
  - chain_id: c
    description: Three steps.
    initial_credentials_required: [k]
    final_credential_name: token
    steps:
      - { step_name: one, method: POST, endpoint: "{base_url}/one", body: { k: "{k}" }, extract: { a: "$.access_token", expires_in: "$.expires_in" } }
      - { step_name: two, method: POST, endpoint: "{base_url}/two", headers: { X-A: "{a}" }, extract: { b: "$.access_token", expires_in: "$.expires_in" } }
      - { step_name: three, method: POST, endpoint: "{base_url}/token", headers: { X-B: "{b}" }, extract: { token: "$.access_token", expires_in: "$.expires_in" } }
`;

/** What fetches tokens, by the credentials that it needs; the last call of each goes to /token. */
const kinds: Readonly<Record<string, { readonly yaml: string; readonly credentials: object }>> = {
  ...Object.fromEntries(
    [
      "a client in the body",
      "a client by Basic",
      "a refresh token",
      "a chain by JSON",
      "an assumed role",
    ].flatMap((name) => {
      const kind = authKinds[name];
      return kind ? [[name, { yaml: descriptorOf(kind), credentials: kind.credentials("a-secret") }]] : [];
    }),
  ),
  ...Object.fromEntries(
    Object.entries(keyKinds)
      .filter(([, { at }]) => at === "/token")
      .map(([name, kind]) => [name, { yaml: descriptorOf(kind), credentials: kind.credentials(kind.key) }]),
  ),
  "a chain of three steps": { yaml: threeSteps, credentials: { k: "a-secret" } },
};

const lifeSeconds = 300;

/** Tokens `t1`, `t2`, …, of five minutes each. */
function issuer(clock: FakeClock): { readonly handler: Handler; readonly current: () => string } {
  let count = 0;
  return {
    current: () => `t${count}`,
    handler: ({ form }) => {
      const token = `t${++count}`;
      return form.get("Action") === "AssumeRole"
        ? {
            text: `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>A</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>${token}</SessionToken><Expiration>${new Date(clock.wall() + lifeSeconds * 1000).toISOString()}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
            headers: { "content-type": "text/xml" },
          }
        : json({ access_token: token, refresh_token: `r${count}`, expires_in: lifeSeconds });
    },
  };
}

interface Stage {
  readonly clock: FakeClock;
  readonly server: TestServer;
  readonly call: () => Promise<boolean>;
  readonly tokens: () => number;
  reply(token: Handler | undefined, api?: Handler): void;
}

async function stage({
  yaml,
  credentials,
}: {
  readonly yaml: string;
  readonly credentials: object;
}): Promise<Stage> {
  const clock = createFakeClock(1_000);
  const { handler } = issuer(clock);
  const inner = issuer(clock);
  const routes = (token: Handler, api: Handler = () => json(1)): Routes => ({
    "GET /x": api,
    "POST /token": token,
    "POST /*": inner.handler,
  });
  const server = await startServer(routes(handler), { clock });
  const runtime = createRuntime({ clock, network: { allow: [server.host] } });
  onTestFinished(async () => {
    const closed = runtime.close();
    await clock.advance(11_000);
    await closed;
    await server.close();
  });
  const connection = runtime.connect(await irOf(yaml), {
    credentials: { ...credentials },
    config: { base_url: server.origin },
  });
  return {
    clock,
    server,
    call: async () => (await connection.attempt("op", {}, { timeoutMs: 900 })).ok,
    tokens: () => server.times("/token"),
    reply: (token, api) => server.reply(routes(token ?? handler, api)),
  };
}

/** Ends with the promise; time goes on meanwhile. */
async function within<T>(clock: FakeClock, promise: Promise<T>): Promise<T> {
  let done = false;
  void promise.finally(() => {
    done = true;
  });
  while (!done) await clock.advance(10);
  return promise;
}

/** How many of these have ended. */
async function settled(calls: readonly Promise<unknown>[]): Promise<number> {
  const open = Symbol("open");
  const now = await Promise.all(calls.map((one) => Promise.race([one, Promise.resolve(open)])));
  return now.filter((value) => value !== open).length;
}

describe.each(Object.entries(kinds))("%s", (_, kind) => {
  test("costs one token call for a thousand callers at first use, and one at the end of the token", async () => {
    const { clock, call, tokens } = await stage(kind);
    const all = () => Promise.all(Array.from({ length: 1_000 }, call));
    expect((await all()).every(Boolean)).toBe(true);
    expect(tokens()).toBe(1);
    clock.jump(lifeSeconds * 1000 + 1);
    expect((await all()).every(Boolean)).toBe(true);
    expect(tokens()).toBe(2);
  });

  test("is asked for with pauses while its server is down for a minute, and is back by itself", async () => {
    const { clock, call, tokens, reply } = await stage(kind);
    await call();
    clock.jump(lifeSeconds * 1000 + 1);
    reply(() => status(503));
    for (let second = 0; second < 60; second++) {
      const calls = Promise.all(Array.from({ length: 10 }, call));
      await clock.advance(1_000);
      expect((await calls).some(Boolean)).toBe(false);
    }
    // Tries 1, 2, 4, 8, 16 and 30 seconds apart, of three attempts each.
    expect(tokens() - 1).toBeLessThanOrEqual(21);
    reply(undefined);
    const before = tokens();
    await clock.advance(31_000);
    expect((await Promise.all(Array.from({ length: 10 }, call))).every(Boolean)).toBe(true);
    expect(tokens() - before).toBe(1);
  });

  test("is renewed once for a thousand calls that are refused one after another", async () => {
    const { clock, call, tokens, reply } = await stage(kind);
    await call();
    reply(undefined, () => status(401));
    for (let wave = 0; wave < 20; wave++) {
      const calls = Promise.all(Array.from({ length: 50 }, call));
      expect((await within(clock, calls)).some(Boolean)).toBe(false);
    }
    expect(clock.now()).toBeLessThan(30_000);
    expect(tokens() - 1).toBe(1);
    // The fault lay elsewhere, and has gone.
    reply(undefined);
    expect(await call()).toBe(true);
    expect(tokens() - 1).toBe(1);
  });

  test("is asked for once by calls whose refusals come one after another, where its server fails", async () => {
    const { call, tokens, reply } = await stage(kind);
    await call();
    const held: (() => void)[] = [];
    reply(
      () => status(418),
      () => new Promise((resolve) => held.push(() => resolve(status(401)))),
    );
    const calls = Array.from({ length: 8 }, call);
    await expect.poll(() => held.length, { timeout: 60_000 }).toBe(8);
    for (let answered = 0; answered < 8; answered++) {
      held[answered]?.();
      // Whichever call it was: the next refusal comes when this one has had its effect.
      await expect.poll(() => settled(calls), { timeout: 60_000 }).toBe(answered + 1);
    }
    expect((await Promise.all(calls)).some(Boolean)).toBe(false);
    expect(tokens() - 1).toBe(1);
  });
});

test.each(["a client in the body", "a client by Basic", "a client that signs", "a service account"])(
  "%s that is refused for good is asked once in an hour of calls",
  async (name) => {
    const kind = kinds[name];
    if (!kind) throw new Error("no such kind");
    const { clock, call, tokens, reply } = await stage(kind);
    reply(() => status(401, { error: "invalid_client" }));
    for (let minute = 0; minute < 60; minute++) {
      expect(await call()).toBe(false);
      clock.jump(60_000);
    }
    // An assertion may be refused for its time: it is signed once more.
    expect(tokens()).toBeLessThanOrEqual(2);
  },
);
