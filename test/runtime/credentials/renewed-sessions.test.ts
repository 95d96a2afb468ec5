/** Sessions that end with their token: the calls after it are made again under each renewed one. */
import { afterEach, expect, test } from "vitest";
import { json, status } from "../../../runtime/testing/index.ts";
import { descriptor, type Line, line } from "../../support/line.ts";

let made: Line | undefined;
afterEach(() => made?.close());

const yaml = descriptor(
  `operations: [{ operation_id: op, summary: One, endpoint: "/x", auth_type_ref: p }]`,
  `  - type: oauth2_authorization_code
    profile_id: p
    auth_headers: { X-Session: "{oauth.session}", X-Company: "{oauth.company}" }
    oauth:
      authorize_url: "{base_url}/authorize"
      token_url: "{base_url}/token"
      callback: { extract: { company: companyId } }
      refresh: { after_token: true }
      after_token:
        - step_name: session
          endpoint: "{base_url}/companies/{oauth.company}/session"
          body: { token: "{access_token}" }
          extract: { session: "$.session" }`,
);

async function signedIn(sessions: () => boolean): Promise<Line> {
  let tokens = 0;
  const begun = await line(
    yaml,
    {
      "POST /token": () =>
        json({ access_token: `a${++tokens}`, refresh_token: `r${tokens}`, expires_in: 100 }),
      "POST /companies/c-1/session": ({ json: body }) =>
        sessions() ? json({ session: `of ${(body as { token: string }).token}` }) : status(503),
      "GET /x": ({ headers }) => json(`${headers["x-session"]}, ${headers["x-company"]}`),
    },
    { connect: { credentials: { client_id: "id", client_secret: "secret" } } },
  );
  made = begun;
  const redirectUri = "http://127.0.0.1:7777/callback";
  const login = await begun.connection.authorize({ redirectUri });
  await login.complete(`${redirectUri}?code=c&state=${login.state}&companyId=c-1`);
  return begun;
}

test("a renewed token has a session of its own, by what the redirect brought", async () => {
  const { connection, clock } = await signedIn(() => true);
  expect(await connection.call("op")).toMatchObject({ data: "of a1, c-1" });
  clock.jump(101_000);
  expect(await connection.call("op")).toMatchObject({ data: "of a2, c-1" });
});

test("a session that cannot be had loses no refresh token: the next try spends the new one", async () => {
  let up = true;
  const { connection, clock, server } = await signedIn(() => up);
  clock.jump(101_000);
  up = false;
  const failing = connection.attempt("op");
  let ended = false;
  failing.then(() => {
    ended = true;
  });
  while (!ended) await clock.advance(500);
  expect(await failing).toMatchObject({ ok: false, error: { status: 503 } });
  up = true;
  clock.jump(60_000);
  expect(await connection.call("op")).toMatchObject({ data: "of a3, c-1" });
  const spent = server.requests.flatMap(({ form }) => form.getAll("refresh_token"));
  expect(spent).toEqual(["r1", "r2"]);
});
