import { afterEach, describe, expect, test } from "vitest";
import { createRuntime } from "../../../runtime/index.ts";
import {
  createFakeClock,
  createMemoryState,
  type Handler,
  json,
  type Routes,
} from "../../../runtime/testing/index.ts";
import { descriptor, type Line, type LineOptions, line } from "../../support/line.ts";

let open: Line[] = [];
afterEach(async () => {
  await Promise.all(open.map((one) => one.close()));
  open = [];
});

const yaml = (oauth = ""): string =>
  descriptor(
    "operations: [{ operation_id: op, summary: One, endpoint: /x, auth_type_ref: p }]",
    `  - type: oauth2_authorization_code
    profile_id: p
    oauth: { authorize_url: "{base_url}/authorize", token_url: "{base_url}/token"${oauth} }`,
  );

async function connect(routes: Routes, options: LineOptions = {}, oauth = ""): Promise<Line> {
  const made = await line(yaml(oauth), routes, options);
  open.push(made);
  return made;
}

const client = { client_id: "id", client_secret: "secret" };

/** Gives `a1`, `a2`, … with refresh tokens `r1`, `r2`, …; one that was used is refused. */
function rotating(first = "r0", life = 100): Handler {
  let current = first;
  let count = 0;
  return ({ form }) => {
    if (form.get("refresh_token") !== current)
      return json({ error: "invalid_grant", error_description: "used before" }, { status: 400 });
    count++;
    current = `r${count}`;
    return json({ access_token: `a${count}`, refresh_token: current, expires_in: life });
  };
}

const tokensOf = ({ server }: Line) =>
  server.requests.filter(({ path }) => path === "/x").map(({ headers }) => headers.authorization);
const spentOf = ({ server }: Line) =>
  server.requests.filter(({ path }) => path === "/token").map(({ form }) => form.get("refresh_token"));

describe("a refresh token that was given", () => {
  test("gives a token at first use, and its successor the next", async () => {
    const made = await connect(
      { "POST /token": rotating(), "GET /x": json(1) },
      { connect: { credentials: { ...client, refresh_token: "r0" } } },
    );
    await made.connection.call("op");
    await made.connection.call("op");
    await made.clock.advance(100_000);
    await made.connection.call("op");
    expect(tokensOf(made)).toEqual(["Bearer a1", "Bearer a1", "Bearer a2"]);
    expect(spentOf(made)).toEqual(["r0", "r1"]);
    expect(Object.fromEntries(made.server.requests[0]?.form ?? [])).toEqual({
      grant_type: "refresh_token",
      refresh_token: "r0",
      client_id: "id",
      client_secret: "secret",
    });
  });

  test("is spent once for a thousand callers at the end of a token", async () => {
    const made = await connect(
      { "POST /token": rotating(), "GET /x": json(1) },
      { connect: { credentials: { ...client, refresh_token: "r0" } } },
    );
    await made.connection.call("op");
    await made.clock.advance(100_000);
    await Promise.all(Array.from({ length: 1_000 }, () => made.connection.call("op")));
    expect(spentOf(made)).toEqual(["r0", "r1"]);
  });

  test("is not spent where a token was given that still lives", async () => {
    const made = await connect(
      { "POST /token": rotating(), "GET /x": json(1) },
      {
        connect: {
          credentials: {
            ...client,
            refresh_token: "r0",
            access_token: "given",
            expires_at: "2100-01-01T00:00:00Z",
          },
        },
      },
    );
    await made.connection.call("op");
    expect(tokensOf(made)).toEqual(["Bearer given"]);
    expect(spentOf(made)).toEqual([]);
  });

  test("renews once where the server refuses the token early", async () => {
    const made = await connect(
      {
        "POST /token": rotating(),
        "GET /x": ({ headers }) => (headers.authorization === "Bearer a2" ? json(1) : { status: 401 }),
      },
      { connect: { credentials: { ...client, refresh_token: "r0" } } },
    );
    expect(await made.connection.call("op")).toMatchObject({ attempts: 2 });
    expect(spentOf(made)).toEqual(["r0", "r1"]);
  });

  test("that is refused ends the matter: nothing more is asked", async () => {
    const made = await connect(
      { "POST /token": rotating("other"), "GET /x": json(1) },
      { connect: { credentials: { ...client, refresh_token: "r0" } } },
    );
    for (let call = 0; call < 3; call++)
      await expect(made.connection.call("op")).rejects.toMatchObject({
        code: "reauthorization_required",
        message: expect.stringContaining("used before"),
      });
    expect(spentOf(made)).toEqual(["r0"]);
  });

  test("lives on in the store, for the next process", async () => {
    const clock = createFakeClock(1_000);
    const runtime = {
      clock,
      state: createMemoryState({ clock }),
      secrets: { key: "0123456789abcdef0123456789abcdef" },
    };
    const made = await connect(
      { "POST /token": rotating(), "GET /x": json(1) },
      { connect: { credentials: { ...client, refresh_token: "r0" } }, runtime },
    );
    await made.connection.call("op");
    const next = createRuntime({ ...runtime, network: { allow: [made.server.host] } });
    const again = next.connect(made.ir, {
      credentials: { ...client, refresh_token: "r0" },
      config: { base_url: made.server.origin },
    });
    await again.call("op");
    await clock.advance(100_000);
    await again.call("op");
    // The first process finds what the second has renewed.
    await made.connection.call("op");
    expect(spentOf(made)).toEqual(["r0", "r1"]);
    expect(tokensOf(made)).toEqual(["Bearer a1", "Bearer a1", "Bearer a2", "Bearer a2"]);
    await next.close();
  });

  test("whose origins have changed since is not sent anywhere", async () => {
    const clock = createFakeClock(1_000);
    const state = createMemoryState({ clock });
    const runtime = { clock, state, secrets: { key: "0123456789abcdef0123456789abcdef" } };
    const credentials = { ...client, refresh_token: "r0" };
    const made = await connect(
      { "POST /token": rotating(), "GET /x": json(1) },
      { connect: { credentials }, runtime },
    );
    await made.connection.call("op");
    const moved = await connect({ "GET /x": json(1) }, { connect: { credentials }, runtime });
    await expect(moved.connection.call("op")).rejects.toMatchObject({
      code: "policy_denied",
      message: expect.stringContaining(moved.server.origin),
    });
    expect(moved.server.requests).toHaveLength(0);
  });
});

test("a server that is down for a minute is asked with pauses, and all is well when it is back", async () => {
  let up = true;
  const tokens = rotating();
  const made = await connect(
    {
      "POST /token": (request, context) => (up ? tokens(request, context) : { status: 503 }),
      "GET /x": json(1),
    },
    { connect: { credentials: { ...client, refresh_token: "r0" } } },
  );
  await made.connection.call("op");
  await made.clock.advance(100_000);
  up = false;
  const before = spentOf(made).length;
  for (let second = 0; second < 60; second++) {
    const attempt = made.connection.attempt("op", {}, { timeoutMs: 900 });
    await made.clock.advance(1_000);
    expect(await attempt).toMatchObject({ ok: false });
  }
  // Attempts within one try, and tries 1, 2, 4, 8, 16 and 30 seconds apart.
  expect(spentOf(made).length - before).toBeLessThanOrEqual(21);
  up = true;
  await made.clock.advance(31_000);
  expect(await made.connection.call("op")).toMatchObject({ data: 1 });
});

test("nobody has signed in", async () => {
  const made = await connect({ "GET /x": json(1) }, { connect: { credentials: client } });
  await expect(made.connection.call("op")).rejects.toMatchObject({
    code: "reauthorization_required",
    message: expect.stringContaining("Nobody has signed in"),
  });
  expect(made.server.requests).toHaveLength(0);
});
