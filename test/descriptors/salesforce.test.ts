/** What the Salesforce connector makes of logins, of the address that a token names, and of Salesforce's errors. */
import { createVerify, generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { ConnectOptions } from "../../runtime/index.ts";
import { json, sequence, status } from "../../runtime/testing/index.ts";
import { createStage, gathered } from "./stage.ts";

const { start, run } = createStage();

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const given = (access_token: string, instance_url = "https://acme.my.salesforce.com") =>
  json({ access_token, instance_url, token_type: "Bearer" });
const expired = status(401, [{ message: "Session expired or invalid", errorCode: "INVALID_SESSION_ID" }]);
const account = { object: "Account", record_id: "001D000000IRFmaIAH" };
const path = "/services/data/v62.0/sobjects/Account/001D000000IRFmaIAH";
const user: ConnectOptions = {
  profile: "user",
  credentials: { client_id: "example-client", client_secret: "example-secret" },
  config: { login_host: "test.salesforce.com" },
};

describe("salesforce", () => {
  it("signs a person in, calls where the token says, and renews an expired session once", async () => {
    const { connection, server } = await start(
      "salesforce",
      {
        "POST /services/oauth2/token": sequence(
          json({
            access_token: "session-1",
            refresh_token: "refresh-1",
            instance_url: "https://acme--dev.sandbox.my.salesforce.com",
            token_type: "Bearer",
          }),
          given("session-2", "https://acme--dev.sandbox.my.salesforce.com"),
        ),
        [`GET ${path}`]: ({ headers }) =>
          headers.authorization === "Bearer session-2" ? json({ Id: account.record_id }) : expired,
      },
      user,
    );
    const login = await connection.authorize({ redirectUri: "https://app.example.com/back" });
    const asked = new URL(login.url);
    expect(asked.origin + asked.pathname).toBe("https://test.salesforce.com/services/oauth2/authorize");
    expect(Object.fromEntries(asked.searchParams)).toMatchObject({
      response_type: "code",
      client_id: "example-client",
      redirect_uri: "https://app.example.com/back",
      scope: "api refresh_token openid",
      code_challenge_method: "S256",
    });
    await login.complete(
      `https://app.example.com/back?code=c%2B1&state=${asked.searchParams.get("state") ?? ""}`,
    );

    expect(await connection.call("get_record", account)).toMatchObject({
      attempts: 2,
      data: { Id: account.record_id },
    });
    const [exchange, refused, refresh, repeated] = server.requests;
    expect(Object.fromEntries(exchange?.form ?? [])).toMatchObject({
      grant_type: "authorization_code",
      code: "c+1",
      client_id: "example-client",
      client_secret: "example-secret",
      code_verifier: expect.any(String),
    });
    expect(Object.fromEntries(refresh?.form ?? [])).toEqual({
      grant_type: "refresh_token",
      refresh_token: "refresh-1",
      client_id: "example-client",
      client_secret: "example-secret",
    });
    expect([refused, repeated].map((request) => request?.headers.authorization)).toEqual([
      "Bearer session-1",
      "Bearer session-2",
    ]);
    expect(server.requests).toHaveLength(4);
  });

  it("proves a user by the app's certificate, to the login host and for three minutes", async () => {
    const { connection, server } = await start(
      "salesforce",
      { "POST /services/oauth2/token": given("session-1"), [`GET ${path}`]: json({}) },
      {
        profile: "jwt_bearer",
        credentials: { client_id: "example-client", username: 'o"neil@acme.example', private_key: pem },
        config: { login_host: "test.salesforce.com" },
      },
    );
    await connection.call("get_record", account);
    const form = Object.fromEntries(server.requests[0]?.form ?? []);
    expect(Object.keys(form)).toEqual(["grant_type", "assertion"]);
    expect(form.grant_type).toBe("urn:ietf:params:oauth:grant-type:jwt-bearer");
    const [head = "", claims = "", signature = ""] = form.assertion?.split(".") ?? [];
    expect(JSON.parse(Buffer.from(head, "base64url").toString())).toMatchObject({ alg: "RS256" });
    expect(JSON.parse(Buffer.from(claims, "base64url").toString())).toEqual({
      iss: "example-client",
      sub: 'o"neil@acme.example',
      aud: "https://test.salesforce.com",
      exp: 1_767_225_600 + 180,
    });
    const verifier = createVerify("RSA-SHA256").update(`${head}.${claims}`);
    expect(verifier.verify(publicKey, signature, "base64url")).toBe(true);
    expect(server.requests[1]?.headers.authorization).toBe("Bearer session-1");
  });

  it.each([
    "https://acme.my.salesforce.com.evil.example",
    "https://evil.example",
    "http://acme.my.salesforce.com",
    "https://salesforce.com.",
  ])("sends no token to %s, whoever names it", async (instanceUrl) => {
    const { connection, server } = await start("salesforce", {
      "POST /services/oauth2/token": given("session-1", instanceUrl),
      "* /*": json({}),
    });
    await expect(connection.call("get_record", account)).rejects.toMatchObject({
      code: expect.stringMatching(/^(destination_blocked|chain_step_failed)$/),
    });
    expect(server.requests.map(({ method }) => method)).toEqual(["POST"]);
  });

  it("says what a token lacks that was given and brought no address", async () => {
    const { connection, server } = await start(
      "salesforce",
      { "* /*": json({}) },
      { profile: "user", credentials: { access_token: "session-0" } },
    );
    await expect(connection.call("get_limits")).rejects.toMatchObject({
      code: "missing_credential",
      message: expect.stringContaining('brought no "instance_url"'),
    });
    expect(server.requests).toHaveLength(0);
  });

  it("follows the next rows on no other host", async () => {
    const { connection, server } = await start("salesforce", {
      "POST /services/oauth2/token": given("session-1"),
      "GET /services/data/v62.0/query": json({
        totalSize: 2,
        done: false,
        nextRecordsUrl: "https://evil.example/services/data/v62.0/query/01g-200",
        records: [{ Id: "1" }],
      }),
    });
    await expect(
      gathered(connection.records("query", { soql: "SELECT Id FROM Account" })),
    ).rejects.toMatchObject({ code: "destination_blocked" });
    expect(server.requests).toHaveLength(2);
  });

  it("knows an expired token by the words of the login service, too", async () => {
    const { connection, server } = await start("salesforce", {
      "POST /services/oauth2/token": sequence(given("session-1"), given("session-2")),
      "GET /services/oauth2/userinfo": ({ headers }) =>
        headers.authorization === "Bearer session-2"
          ? json({ user_id: "005", organization_id: "00D" })
          : { status: 403, headers: { "content-type": "text/html" }, text: "Bad_OAuth_Token" },
    });
    expect(await connection.call("get_user_info")).toMatchObject({ attempts: 2, data: { user_id: "005" } });
    expect(server.times("/services/oauth2/token")).toBe(2);
  });

  it("takes any other 403 for a missing right", async () => {
    const { connection, server } = await start("salesforce", {
      "POST /services/oauth2/token": given("session-1"),
      [`GET ${path}`]: status(403, [{ message: "No such permission.", errorCode: "INSUFFICIENT_ACCESS" }]),
    });
    await expect(connection.call("get_record", account)).rejects.toMatchObject({
      code: "permission_denied",
      message: expect.stringContaining("No such permission"),
      details: { server_code: "INSUFFICIENT_ACCESS" },
    });
    expect(server.requests).toHaveLength(2);
  });

  it.each([
    [403, "REQUEST_LIMIT_EXCEEDED", "rate_limited"],
    [300, "", "ambiguous_id"],
    [404, "ENTITY_IS_DELETED", "not_found"],
    [400, "INVALID_QUERY_LOCATOR", "cursor_expired"],
    [400, "MALFORMED_QUERY", "upstream_error"],
  ])("tells a %i %s as %s, at once", async (code, errorCode, expected) => {
    const { connection, server } = await start("salesforce", {
      "POST /services/oauth2/token": given("session-1"),
      [`GET ${path}`]: status(code, [{ message: "It is so.", errorCode }]),
    });
    await expect(connection.call("get_record", account)).rejects.toMatchObject({ code: expected });
    expect(server.times(path)).toBe(1);
  });

  it("tries a write again that a locked row kept from happening", async () => {
    const { connection, server } = await start("salesforce", {
      "POST /services/oauth2/token": given("session-1"),
      [`PATCH ${path}`]: sequence(
        status(400, [{ message: "unable to obtain exclusive access", errorCode: "UNABLE_TO_LOCK_ROW" }]),
        { status: 204 },
      ),
    });
    expect(
      await run(connection.call("update_record", { ...account, record: { Name: "Acme" } })),
    ).toMatchObject({ attempts: 2, status: 204 });
    expect(server.times(path)).toBe(2);
  });

  it.each([
    "evil.example",
    "evil.example/.my.salesforce.com",
    "login.salesforce.com.evil.example",
    "x@y",
    "",
  ])("lets no login host %j have the secret", async (login_host) => {
    const requests: unknown[] = [];
    const made = start(
      "salesforce",
      (request) => {
        requests.push(request);
        return json({});
      },
      { config: { login_host } },
    ).then(({ connection }) => connection.call("get_limits"));
    await expect(made).rejects.toMatchObject({
      code: expect.stringMatching(/^(configuration|invalid_parameters)$/),
    });
    expect(requests).toEqual([]);
  });
});
