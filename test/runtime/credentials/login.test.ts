import { createHash } from "node:crypto";
import type { LookupFunction } from "node:net";
import { inspect } from "node:util";
import { afterEach, describe, expect, test } from "vitest";
import { json, type Routes, text } from "../../../runtime/testing/index.ts";
import { descriptor, type Line, type LineOptions, line } from "../../support/line.ts";

let open: Line[] = [];
afterEach(async () => {
  await Promise.all(open.map((one) => one.close()));
  open = [];
});

const redirectUri = "http://127.0.0.1:7777/callback";
const operations = "operations: [{ operation_id: op, summary: One, endpoint: /x, auth_type_ref: p }]";

async function connect(
  authentication: string,
  routes: Routes,
  credentials: Record<string, string>,
): Promise<Line> {
  const options: LineOptions = { connect: { credentials } };
  const made = await line(descriptor(operations, authentication), routes, options);
  open.push(made);
  return made;
}

/** A resolver that knows a public login, and one more address or none. */
function lookupOf(looked: string[], inside: string | undefined): LookupFunction {
  return (host, _options, callback) => {
    looked.push(host);
    const address = host === "login.example.com" ? "93.184.216.34" : inside;
    if (address === undefined)
      callback(Object.assign(new Error("no such name"), { code: "ENOTFOUND" }), "", 0);
    else callback(null, [{ address, family: 4 }]);
  };
}

describe("a login by code", () => {
  const client = { client_id: "id", client_secret: "canary-secret" };
  const withCode = (more: string, routes: Routes) =>
    connect(
      `  - type: oauth2_authorization_code
    profile_id: p
    oauth:
      authorize_url: "{base_url}/authorize?prompt=consent"
      token_url: "{base_url}/token"
      default_scopes: [read, write]${more}`,
      routes,
      client,
    );
  const tokens = json({ access_token: "a1", refresh_token: "r1", expires_in: 3600 });

  test("asks with state and a challenge, redeems the code with the verifier, and signs in", async () => {
    const made = await withCode("", { "POST /token": tokens, "GET /x": json(1) });
    const begun = await made.connection.authorize({ redirectUri });
    const page = new URL(begun.url);
    expect(page.origin + page.pathname).toBe(`${made.server.origin}/authorize`);
    expect(Object.fromEntries(page.searchParams)).toEqual({
      prompt: "consent",
      response_type: "code",
      client_id: "id",
      redirect_uri: redirectUri,
      scope: "read write",
      state: begun.state,
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: "S256",
    });
    expect(begun.origins).toEqual([made.server.origin]);
    const grant = await begun.complete(`${redirectUri}?code=c%2F1&state=${begun.state}`);
    expect(grant).toMatchObject({ profile: "p", refreshable: true, origins: [made.server.origin] });
    expect(grant.expiresAt?.getTime()).toBe(made.clock.wall() + 3_600_000);
    const { code_verifier: verifier, ...form } = Object.fromEntries(made.server.requests[0]?.form ?? []);
    expect(form).toEqual({
      grant_type: "authorization_code",
      code: "c/1",
      redirect_uri: redirectUri,
      ...client,
    });
    expect(createHash("sha256").update(String(verifier)).digest("base64url")).toBe(
      page.searchParams.get("code_challenge"),
    );
    await made.connection.call("op");
    expect(made.server.requests[1]?.headers.authorization).toBe("Bearer a1");
    expect(await made.connection.grant()).toMatchObject({ refreshable: true });
    expect(inspect([begun, grant], { depth: 9 })).not.toMatch(/a1|r1|canary/);
  });

  test.each([
    ["token_url", "idp.example.com:443 is refused: 10.0.0.7 is a private address"],
    ["after_token", "idp.example.com:443 is refused: 10.0.0.7 is a private address"],
  ])("asks for no consent where the network rules refuse the host of %s", async (place, said) => {
    const looked: string[] = [];
    const elsewhere = "https://idp.example.com";
    const made = await line(
      descriptor(
        operations,
        `  - type: oauth2_authorization_code
    profile_id: p
    oauth:
      authorize_url: "{base_url}/authorize"
      token_url: "${place === "token_url" ? elsewhere : "https://login.example.com"}/token"
      after_token: [{ step_name: me, endpoint: "${elsewhere}/me", extract: { account: $.id } }]`,
      ),
      {},
      { connect: { credentials: client }, runtime: { network: { lookup: lookupOf(looked, "10.0.0.7") } } },
    );
    open.push(made);
    await expect(made.connection.authorize({ redirectUri })).rejects.toMatchObject({
      code: "destination_blocked",
      message: expect.stringContaining(said),
    });
    expect(looked).toContain("idp.example.com");
    expect(made.server.requests).toEqual([]);
  });

  test("asks for consent where a rule names the private host, and where a name cannot be resolved yet", async () => {
    for (const network of [
      { allow: ["idp.example.com"], lookup: lookupOf([], "10.0.0.7") },
      { lookup: lookupOf([], undefined) },
    ]) {
      const made = await line(
        descriptor(
          operations,
          `  - type: oauth2_authorization_code
    profile_id: p
    oauth: { authorize_url: "https://idp.example.com/authorize", token_url: "https://idp.example.com/token" }`,
        ),
        {},
        { connect: { credentials: client }, runtime: { network } },
      );
      open.push(made);
      const begun = await made.connection.authorize({ redirectUri });
      expect(begun.url).toMatch(/^https:\/\/idp\.example\.com\/authorize\?/);
    }
  });

  test("replaces what a running connection holds, and can be forgotten", async () => {
    let count = 0;
    const made = await withCode("", {
      "POST /token": () => json({ access_token: `a${++count}` }),
      "GET /x": ({ headers }) => json(headers.authorization),
    });
    for (const token of ["Bearer a1", "Bearer a2"]) {
      const begun = await made.connection.authorize({ redirectUri });
      await begun.complete(`${redirectUri}?code=c&state=${begun.state}`);
      expect(await made.connection.call("op")).toMatchObject({ data: token });
    }
    expect(await made.connection.forget()).toBe(true);
    expect(await made.connection.forget()).toBe(false);
    expect(await made.connection.grant()).toBeUndefined();
    await expect(made.connection.call("op")).rejects.toMatchObject({ code: "reauthorization_required" });
  });

  test("takes no redirect of another login, and each of its own once", async () => {
    const made = await withCode("", { "POST /token": tokens });
    const begun = await made.connection.authorize({ redirectUri });
    for (const redirected of [
      `${redirectUri}?code=c&state=other`,
      `${redirectUri}?code=c`,
      `${redirectUri}?code=c&state=${begun.state}&state=other&state=x`.replace(begun.state, "y"),
      "no url",
    ])
      await expect(begun.complete(redirected)).rejects.toMatchObject({ code: "policy_denied" });
    await begun.complete(`${redirectUri}?code=c&state=${begun.state}`);
    await expect(begun.complete(`${redirectUri}?code=c&state=${begun.state}`)).rejects.toMatchObject({
      code: "policy_denied",
      message: expect.stringContaining("complete already"),
    });
    expect(made.server.times("/token")).toBe(1);
  });

  test("ends after ten minutes", async () => {
    const made = await withCode("", { "POST /token": tokens });
    const begun = await made.connection.authorize({ redirectUri });
    made.clock.jump(600_001);
    await expect(begun.complete(`${redirectUri}?code=c&state=${begun.state}`)).rejects.toMatchObject({
      code: "policy_denied",
      message: expect.stringContaining("10 minutes"),
    });
  });

  test.each([
    ["another issuer", "&iss=https%3A%2F%2Fevil.example"],
    ["no issuer", ""],
    ["two issuers", "&iss=https%3A%2F%2Fid.example&iss=https%3A%2F%2Fevil.example"],
  ])("that declares its issuer refuses %s", async (_, iss) => {
    const made = await withCode("\n      issuer: https://id.example", { "POST /token": tokens });
    const begun = await made.connection.authorize({ redirectUri });
    await expect(begun.complete(`${redirectUri}?code=c&state=${begun.state}${iss}`)).rejects.toMatchObject({
      code: "policy_denied",
      message: expect.stringContaining("issuer"),
    });
    expect(made.server.requests).toHaveLength(0);
  });

  test("that declares its issuer takes it", async () => {
    const made = await withCode("\n      issuer: https://id.example", { "POST /token": tokens });
    const begun = await made.connection.authorize({ redirectUri });
    await begun.complete(`${redirectUri}?code=c&state=${begun.state}&iss=https%3A%2F%2Fid.example`);
    expect(made.server.times("/token")).toBe(1);
  });

  test("says what the server said of a refusal, on one line and no more than that", async () => {
    const made = await withCode("", { "POST /token": tokens });
    const begun = await made.connection.authorize({ redirectUri });
    const said = encodeURIComponent(`no\u001b[31m\r\nthanks ${"x".repeat(5_000)}`);
    const refused = await begun
      .complete(`${redirectUri}?error=access_denied&error_description=${said}&state=${begun.state}`)
      .catch((error: unknown) => error);
    expect(refused).toMatchObject({
      code: "authentication_failed",
      details: { server_code: "access_denied" },
      message: expect.stringMatching(/^[\x20-\x7e]{10,600}$/),
    });
  });

  test("whose code is refused shows neither the code nor the secret", async () => {
    const made = await withCode("", {
      "POST /token": ({ text: body }) =>
        json({ error: "invalid_grant", error_description: `cannot use ${body}` }, { status: 400 }),
    });
    const begun = await made.connection.authorize({ redirectUri });
    const failed = await begun
      .complete(`${redirectUri}?code=canary-code&state=${begun.state}`)
      .catch((error: unknown) => error);
    expect(failed).toMatchObject({
      code: "authentication_failed",
      details: { server_code: "invalid_grant" },
    });
    expect(inspect(failed, { depth: 9 })).not.toContain("canary");
    expect(await made.connection.grant()).toBeUndefined();
  });

  test("without PKCE sends no challenge", async () => {
    const made = await withCode("\n      pkce: false", { "POST /token": tokens });
    const begun = await made.connection.authorize({ redirectUri });
    expect(begun.url).not.toContain("challenge");
    await begun.complete(`${redirectUri}?code=c&state=${begun.state}`);
    expect(made.server.requests[0]?.form.has("code_verifier")).toBe(false);
  });
});

describe("a login of OAuth 1", () => {
  const consumer = { consumer_key: "ck", consumer_secret: "canary-cs" };
  const profile = `  - type: oauth1
    profile_id: p
    oauth1:
      request_token_url: "{base_url}/request"
      authorize_url: "{base_url}/authorize"
      access_token_url: "{base_url}/access"`;
  const routes: Routes = {
    "POST /request": text("oauth_token=rt&oauth_token_secret=rs&oauth_callback_confirmed=true"),
    "POST /access": text("oauth_token=at&oauth_token_secret=as"),
    "GET /x": json(1),
  };

  test("takes three legs, and signs what follows with the token", async () => {
    const made = await connect(profile, routes, consumer);
    await expect(made.connection.call("op")).rejects.toMatchObject({ code: "reauthorization_required" });
    const begun = await made.connection.authorize({ redirectUri });
    expect(begun.url).toBe(`${made.server.origin}/authorize?oauth_token=rt`);
    await begun.complete(`${redirectUri}?oauth_token=rt&oauth_verifier=v`);
    await made.connection.call("op");
    const headers = made.server.requests.map((request) => request.headers.authorization);
    expect(headers[0]).toContain(`oauth_callback="${encodeURIComponent(redirectUri)}"`);
    expect(headers[1]).toMatch(/oauth_token="rt".*oauth_verifier="v"|oauth_verifier="v".*oauth_token="rt"/);
    expect(headers[2]).toContain('oauth_token="at"');
  });

  test.each(["", "&oauth_callback_confirmed=false"])(
    "opens no page where the server does not confirm the callback%s (RFC 5849, section 2.1)",
    async (more) => {
      const request = text(`oauth_token=rt&oauth_token_secret=rs${more}`);
      const made = await connect(profile, { ...routes, "POST /request": request }, consumer);
      await expect(made.connection.authorize({ redirectUri })).rejects.toMatchObject({
        code: "policy_denied",
        message: expect.stringContaining("oauth_callback_confirmed"),
      });
      const lax = await connect(
        `${profile}\n      confirms_callback: false`,
        { ...routes, "POST /request": request },
        consumer,
      );
      expect((await lax.connection.authorize({ redirectUri })).state).toBe("rt");
    },
  );

  test("that is denied says so", async () => {
    const made = await connect(profile, routes, consumer);
    const begun = await made.connection.authorize({ redirectUri });
    await expect(begun.complete(`${redirectUri}?denied=rt`)).rejects.toMatchObject({
      code: "authentication_failed",
    });
  });

  test("takes no redirect without a verifier, or with another token", async () => {
    const made = await connect(profile, routes, consumer);
    const begun = await made.connection.authorize({ redirectUri });
    await expect(begun.complete(`${redirectUri}?oauth_token=xx&oauth_verifier=v`)).rejects.toMatchObject({
      code: "policy_denied",
    });
    await expect(begun.complete(`${redirectUri}?oauth_token=rt`)).rejects.toMatchObject({
      code: "policy_denied",
    });
    expect(made.server.times("/access")).toBe(0);
  });
});

test("a profile without a login says so", async () => {
  const made = await connect("  - { type: bearer, profile_id: p }", {}, { token: "t" });
  await expect(made.connection.authorize({ redirectUri })).rejects.toMatchObject({
    code: "configuration",
    message: expect.stringContaining("No profile"),
  });
});
