/** A login that is forgotten or replaced reaches every connection of its identity at once. */
import { afterEach, describe, expect, test } from "vitest";
import type { Connection } from "../../../runtime/index.ts";
import { json, type Routes, text } from "../../../runtime/testing/index.ts";
import { descriptor, type Line, line } from "../../support/line.ts";

let open: Line[] = [];
afterEach(async () => {
  await Promise.all(open.map((one) => one.close()));
  open = [];
});

const redirectUri = "http://127.0.0.1:7777/callback";
const ada = { tenant: "acme", user: "ada" };

interface Kind {
  readonly profile: string;
  readonly credentials: Record<string, string>;
  /** What the redirect brings. */
  readonly redirect: (state: string) => string;
  readonly routes: () => Routes;
}

const byCode: Kind = {
  profile: `  - type: oauth2_authorization_code
    profile_id: p
    oauth: { authorize_url: "{base_url}/authorize", token_url: "{base_url}/token" }`,
  credentials: { client_id: "id", client_secret: "secret" },
  redirect: (state) => `?code=c&state=${state}`,
  routes: () => {
    let count = 0;
    return {
      "POST /token": () =>
        json({ access_token: `a${++count}`, refresh_token: `r${count}`, expires_in: 3600 }),
      "GET /x": ({ headers }) => json(headers.authorization),
    };
  },
};

const oauth1: Kind = {
  profile: `  - type: oauth1
    profile_id: p
    oauth1: { signature_method: PLAINTEXT, request_token_url: "{base_url}/request", authorize_url: "{base_url}/authorize", access_token_url: "{base_url}/access" }`,
  credentials: { consumer_key: "ck", consumer_secret: "cs" },
  redirect: (state) => `?oauth_token=${state}&oauth_verifier=v`,
  routes: () => {
    let count = 0;
    return {
      "POST /request": text("oauth_token=rt&oauth_token_secret=rs&oauth_callback_confirmed=true"),
      "POST /access": () => text(`oauth_token=a${++count}&oauth_token_secret=s`),
      "GET /x": ({ headers }) => json(/oauth_token="(\w+)"/.exec(headers.authorization ?? "")?.[1]),
    };
  },
};

async function start({ profile, credentials, routes }: Kind): Promise<Line> {
  const made = await line(
    descriptor("operations: [{ operation_id: op, summary: One, endpoint: /x, auth_type_ref: p }]", profile),
    routes(),
    { connect: { credentials, identity: ada } },
  );
  open.push(made);
  return made;
}

async function signIn(connection: Connection, { redirect }: Kind): Promise<void> {
  const begun = await connection.authorize({ redirectUri });
  await begun.complete(`${redirectUri}${redirect(begun.state)}`);
}

describe.each([
  ["by code", byCode],
  ["OAuth 1", oauth1],
])("a login %s", (_name, kind) => {
  const another = (made: Line, identity = ada): Connection =>
    made.runtime.connect(made.ir, {
      credentials: kind.credentials,
      config: { base_url: made.server.origin },
      identity,
    });

  test("that one connection forgets serves no other one any more", async () => {
    const made = await start(kind);
    const [second, eve] = [another(made), another(made, { tenant: "acme", user: "eve" })];
    await signIn(made.connection, kind);
    await signIn(eve, kind);
    await made.connection.call("op");
    await second.call("op");
    await eve.call("op");
    const before = made.server.times("/x");
    expect(await second.forget()).toBe(true);
    await expect(made.connection.call("op")).rejects.toMatchObject({ code: "reauthorization_required" });
    await expect(second.call("op")).rejects.toMatchObject({ code: "reauthorization_required" });
    expect(made.server.times("/x")).toBe(before);
    expect(await eve.call("op")).toMatchObject({ status: 200 });
  });

  test("that one connection replaces serves all of them", async () => {
    const made = await start(kind);
    const second = another(made);
    await signIn(made.connection, kind);
    const first = (await second.call("op")).data;
    await signIn(made.connection, kind);
    const { data } = await second.call("op");
    expect(data).not.toBe(first);
    expect((await made.connection.call("op")).data).toBe(data);
  });
});

test("a consent that is forgotten while its token is renewed ahead of its end is not used until that end", async () => {
  const made = await start(byCode);
  await signIn(made.connection, byCode);
  await made.connection.call("op");
  // Within a tenth of its end: the old token serves while a new one is fetched.
  made.clock.jump(3_500_000);
  const second = made.runtime.connect(made.ir, {
    credentials: byCode.credentials,
    config: { base_url: made.server.origin },
    identity: ada,
  });
  await second.forget();
  await expect(made.connection.call("op")).rejects.toMatchObject({ code: "reauthorization_required" });
});
