import { afterEach, describe, expect, test } from "vitest";
import { type Handler, json, type Reply, type Routes, status } from "../../../runtime/testing/index.ts";
import { readJwt, rsaKeys } from "../../support/jwt.ts";
import { descriptor, type Line, line } from "../../support/line.ts";

let open: Line[] = [];
afterEach(async () => {
  await Promise.all(open.map((one) => one.close()));
  open = [];
});

const operations =
  "operations: [{ operation_id: op, method: POST, summary: One, endpoint: /x, auth_type_ref: p }]";
const keys = rsaKeys();

/** A server whose clock is ahead of ours by so much; `at` gives its time. */
type Skewed = (at: () => number) => Routes;

async function connect(authentication: string, skewMs: number, skewed: Skewed, credentials: object) {
  let wall = (): number => 0;
  const at = () => wall() + skewMs;
  const dated =
    (answer: Reply | Handler): Handler =>
    async (request, context) => {
      const reply = typeof answer === "function" ? await answer(request, context) : answer;
      return { ...reply, headers: { date: new Date(at()).toUTCString(), ...reply.headers } };
    };
  const routes = Object.fromEntries(Object.entries(skewed(at)).map(([key, answer]) => [key, dated(answer)]));
  const made = await line(descriptor(operations, authentication), routes, {
    connect: { credentials: { ...credentials } },
  });
  wall = made.clock.wall;
  open.push(made);
  return made;
}

/** Checks a token as a server with a minute of patience does. */
function isInTime(token: string, at: () => number): boolean {
  const { iat, exp } = readJwt(token, keys.publicKey).claims;
  return at() <= exp * 1000 && at() >= (iat - 60) * 1000;
}

describe.each([
  ["ten minutes ahead", 600_000],
  ["ten minutes behind", -600_000],
])("a server whose clock is %s", (_, skewMs) => {
  test("gets a client's assertion in its own time", async () => {
    const made = await connect(
      `  - type: oauth2_client_credentials
    profile_id: p
    fields: [{ key: client_id, label: Client }, { key: private_key, label: Key, secret: true }]
    oauth: { token_url: "{base_url}/token", client_auth: private_key_jwt, client_assertion: { key: "{private_key}" } }`,
      skewMs,
      (at) => ({
        "POST /token": ({ form }) =>
          isInTime(form.get("client_assertion") ?? "", at)
            ? json({ access_token: "t", expires_in: 60 })
            : status(401, { error: "invalid_client", error_description: "assertion expired" }),
        "POST /x": json(1),
      }),
      { client_id: "me", private_key: keys.pem },
    );
    expect(await made.connection.call("op")).toMatchObject({ data: 1 });
    await made.clock.advance(60_000);
    await made.connection.call("op");
    // The first is refused; what was learned serves from then on.
    expect(made.server.times("/token")).toBe(3);
  });

  test("gets a token that is signed here in its own time", async () => {
    const made = await connect(
      "  - { type: jwt, profile_id: p, fields: [{ key: private_key, label: Key, secret: true }], jwt: { key: '{private_key}' } }",
      skewMs,
      (at) => ({
        "POST /x": ({ headers }) =>
          isInTime((headers.authorization ?? "").replace("Bearer ", ""), at) ? json(1) : status(401),
      }),
      { private_key: keys.pem },
    );
    expect(await made.connection.call("op")).toMatchObject({ data: 1, attempts: 2 });
    expect(await made.connection.call("op")).toMatchObject({ data: 1, attempts: 1 });
  });

  test("gets AWS signatures in its own time", async () => {
    const made = await connect(
      "  - { type: aws_sigv4, profile_id: p, aws_sigv4: { service: s3 } }",
      skewMs,
      (at) => ({
        "POST /x": ({ headers }) => {
          const [, y, m, d, h, min, s] =
            /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(String(headers["x-amz-date"])) ?? [];
          const signed = Date.parse(`${y}-${m}-${d}T${h}:${min}:${s}Z`);
          return Math.abs(signed - at()) < 300_000
            ? json(1)
            : status(403, { code: "RequestTimeTooSkewed", message: "The difference is too large." });
        },
      }),
      { access_key_id: "AKID", secret_access_key: "secret" },
    );
    expect(await made.connection.call("op")).toMatchObject({ data: 1, attempts: 2 });
    expect(await made.connection.call("op")).toMatchObject({ data: 1, attempts: 1 });
  });

  test("gets OAuth 1 timestamps in its own time", async () => {
    const made = await connect(
      "  - { type: oauth1, profile_id: p }",
      skewMs,
      (at) => ({
        "POST /x": ({ headers }) => {
          const [, seconds] = /oauth_timestamp="(\d+)"/.exec(headers.authorization ?? "") ?? [];
          return Math.abs(Number(seconds) * 1000 - at()) < 300_000
            ? json(1)
            : status(401, { message: "timestamp_refused" });
        },
      }),
      { consumer_key: "ck", consumer_secret: "cs", token: "t", token_secret: "ts" },
    );
    expect(await made.connection.call("op")).toMatchObject({ data: 1, attempts: 2 });
    expect(await made.connection.call("op")).toMatchObject({ data: 1, attempts: 1 });
  });

  test("gets WSSE digests in its own time", async () => {
    const made = await connect(
      "  - { type: wsse, profile_id: p }",
      skewMs,
      (at) => ({
        "POST /x": ({ headers }) => {
          const [, created = ""] = /Created="([^"]+)"/.exec(headers["x-wsse"] ?? "") ?? [];
          return Math.abs(Date.parse(created) - at()) < 300_000 ? json(1) : status(401);
        },
      }),
      { username: "ann", password: "pw-secret" },
    );
    expect(await made.connection.call("op")).toMatchObject({ data: 1, attempts: 2 });
    expect(await made.connection.call("op")).toMatchObject({ data: 1, attempts: 1 });
  });

  test("says when a chain's token ends in its own time", async () => {
    const made = await line(
      `${descriptor(operations, "  - { type: api_key, profile_id: p, credential_chain_id: c, fields: [{ key: k, label: K, secret: true }] }")}
credential_chains:
  - chain_id: c
    description: One step.
    initial_credentials_required: [k]
    final_credential_name: token
    steps:
      - { step_name: one, method: POST, endpoint: "{base_url}/one", body: { k: "{k}" }, extract: { token: "$.token", ends: "$.ends" }, ttl_from: { kind: expires_at, extract: ends } }`,
      {
        "POST /one": (_request, { clock, count }) =>
          json(
            { token: `t${count}`, ends: Math.floor((clock.wall() + skewMs) / 1000) + 300 },
            { headers: { date: new Date(clock.wall() + skewMs).toUTCString() } },
          ),
        "POST /x": json(1),
      },
      { connect: { credentials: { k: "v" } } },
    );
    open.push(made);
    await made.connection.call("op");
    await made.clock.advance(260_000);
    await made.connection.call("op");
    expect(made.server.times("/one")).toBe(1);
    await made.clock.advance(41_000);
    await made.connection.call("op");
    expect(made.server.times("/one")).toBe(2);
  });
});

test("a refusal by a server whose clock is right is a refusal", async () => {
  const made = await connect(
    "  - { type: aws_sigv4, profile_id: p, aws_sigv4: { service: s3 } }",
    5_000,
    () => ({ "POST /x": status(403, { message: "no" }) }),
    { access_key_id: "AKID", secret_access_key: "secret" },
  );
  expect(await made.connection.attempt("op")).toMatchObject({
    error: { code: "permission_denied", attempts: 1 },
  });
});

test("a life begins when the request goes, not when the answer comes", async () => {
  const made = await line(
    descriptor(
      operations,
      '  - { type: oauth2_client_credentials, profile_id: p, oauth: { token_url: "{base_url}/token" } }',
    ),
    {
      "POST /token": (_, { clock }) => {
        // The answer is eight seconds on its way.
        (clock as Line["clock"]).jump(8_000);
        return json({ access_token: "t", expires_in: 10 });
      },
      "POST /x": json(1),
    },
    { connect: { credentials: { client_id: "a", client_secret: "b" } } },
  );
  open.push(made);
  await made.connection.call("op");
  made.clock.jump(3_000);
  await made.connection.call("op");
  expect(made.server.times("/token")).toBe(2);
});
