/** OAuth 2 as APIs really have it: other formats, names, places and answers than those of RFC 6749. */
import { afterEach, describe, expect, test } from "vitest";
import { json, type Routes, status, text } from "../../../runtime/testing/index.ts";
import { descriptor, irOf, type Line, line } from "../../support/line.ts";

let open: Line[] = [];
afterEach(async () => {
  await Promise.all(open.map((one) => one.close()));
  open = [];
});

const redirectUri = "http://127.0.0.1:7777/callback";
const client = { client_id: "id", client_secret: "s/1 ?" };

interface Given {
  readonly oauth: string;
  readonly routes: Routes;
  readonly profile?: string;
  readonly endpoint?: string;
  readonly credentials?: Record<string, string>;
}

const yamlOf = (type: string, { oauth, profile = "", endpoint = "/x" }: Given): string =>
  descriptor(
    `operations: [{ operation_id: op, summary: One, endpoint: "${endpoint}", auth_type_ref: p }]`,
    `  - type: ${type}
    profile_id: p${profile}
    oauth: { token_url: "{base_url}/token", ${oauth} }`,
  );

async function start(type: string, given: Given): Promise<Line> {
  const made = await line(yamlOf(type, given), given.routes, {
    connect: { credentials: given.credentials ?? client },
  });
  open.push(made);
  return made;
}

const machine = (given: Given): Promise<Line> => start("oauth2_client_credentials", given);

const person = (given: Given): Promise<Line> =>
  start("oauth2_authorization_code", {
    ...given,
    oauth: `authorize_url: "{base_url}/authorize", pkce: false, ${given.oauth}`,
  });

/** Signs in: the redirect brings a code, the state, and what else is given. */
async function signIn(made: Line, query = (state: string): string => `code=c1&state=${state}`) {
  const begun = await made.connection.authorize({ redirectUri });
  return { begun, grant: await begun.complete(`${redirectUri}?${query(begun.state)}`) };
}

describe("a token request", () => {
  const answer = { "POST /token": json({ access_token: "a" }), "GET /x": json(1) };

  test("is a JSON object, whose numbers and booleans stay what they are", async () => {
    const made = await machine({
      oauth: "body_format: json, default_scopes: [r], token_params: { new: true, days: 7, text: '7' }",
      routes: answer,
    });
    await made.connection.call("op");
    const [request] = made.server.requests;
    expect(request?.headers["content-type"]).toBe("application/json");
    expect(request?.text).toBe(
      '{"grant_type":"client_credentials","scope":"r","new":true,"days":7,"text":"7","client_id":"id","client_secret":"s/1 ?"}',
    );
  });

  test("is a query without a body, with the client in a header", async () => {
    const made = await machine({ oauth: "body_format: query, client_auth: basic_raw", routes: answer });
    await made.connection.call("op");
    const [request] = made.server.requests;
    expect(request).toMatchObject({
      method: "POST",
      target: "/token?grant_type=client_credentials",
      text: "",
    });
    // RFC 6749 would have the secret encoded first; this is the plain pair of RFC 7617.
    expect(request?.headers.authorization).toBe(`Basic ${Buffer.from("id:s/1 ?").toString("base64")}`);
  });

  test("is a GET", async () => {
    const made = await machine({
      oauth: "token_method: GET",
      routes: { "GET /token": json({ access_token: "a" }), "GET /x": json(1) },
    });
    await made.connection.call("op");
    expect(made.server.requests[0]).toMatchObject({
      method: "GET",
      target: "/token?grant_type=client_credentials&client_id=id&client_secret=s%2F1%20%3F",
      text: "",
    });
  });

  test("has the client in the query and the rest in a form", async () => {
    const made = await machine({ oauth: "client_auth: query, body_format: form", routes: answer });
    await made.connection.call("op");
    expect(made.server.requests[0]).toMatchObject({
      target: "/token?client_id=id&client_secret=s%2F1%20%3F",
      text: "grant_type=client_credentials",
    });
  });

  test("takes other names, other values, no grant type and further headers", async () => {
    const made = await machine({
      oauth:
        "param_names: { client_id: app_id, client_secret: secret }, token_params: { grant_type: null, kind: app }, token_headers: { Accept: text/json, X-Key: '{client_id}' }",
      routes: answer,
    });
    await made.connection.call("op");
    const [request] = made.server.requests;
    expect(request?.text).toBe("kind=app&app_id=id&secret=s%2F1+%3F");
    expect(request?.headers).toMatchObject({ accept: "text/json", "x-key": "id" });
  });

  test("replaces what the protocol would send in its place", async () => {
    const made = await machine({
      oauth: "default_scopes: [a], token_params: { scope: b, grant_type: openapi_2lo }",
      routes: answer,
    });
    await made.connection.call("op");
    expect(made.server.requests[0]?.text).toBe(
      "grant_type=openapi_2lo&scope=b&client_id=id&client_secret=s%2F1+%3F",
    );
  });
});

describe("a token answer", () => {
  const oneToken = async (oauth: string, reply: unknown, profile = ""): Promise<Line> => {
    const made = await machine({
      oauth,
      profile,
      routes: {
        "POST /token": typeof reply === "string" ? text(reply) : json(reply),
        "GET /x": json(1),
      },
    });
    await made.connection.call("op");
    return made;
  };
  const sent = (made: Line): string | undefined => made.server.requests[1]?.headers.authorization;

  test("is a form", async () => {
    const made = await oneToken("response: { format: form }", "access_token=a%2B1&expires=5183944");
    expect(sent(made)).toBe("Bearer a+1");
  });

  test("has the token deeper, or in one of two places", async () => {
    expect(
      sent(await oneToken('response: { access_token: "$.data.token" }', { data: { token: "deep" } })),
    ).toBe("Bearer deep");
    const either = 'response: { access_token: ["$.access_token", "$.authed_user.access_token"] }';
    expect(sent(await oneToken(either, { authed_user: { access_token: "user" } }))).toBe("Bearer user");
    expect(sent(await oneToken(either, { access_token: "bot", authed_user: { access_token: "u" } }))).toBe(
      "Bearer bot",
    );
  });

  test.each([
    ["milliseconds", "response: { expires_in_unit: milliseconds }", { expires_in: 60_000 }],
    ["another name", 'response: { expires_in: "$.validity" }', { validity: "60" }],
    ["a date", 'response: { expires_at: "$.end" }', { end: "2026-01-01T00:01:00Z" }],
    ["a date without a zone", 'response: { expires_at: "$.end" }', { end: "2026-01-01 00:01:00" }],
    ["Unix milliseconds as text", 'response: { expires_at: "$.end" }', { end: "1767225660000" }],
    ["a life that the descriptor knows", "ttl_seconds: 60", {}],
  ])("says its life in %s", async (_what, oauth, life) => {
    const made = await machine({
      oauth,
      routes: { "POST /token": json({ access_token: "a", ...life }), "GET /x": json(1) },
    });
    // The fake clock begins with 2026.
    await made.connection.call("op");
    made.clock.jump(50_000);
    await made.connection.call("op");
    expect(made.server.times("/token")).toBe(1);
    made.clock.jump(11_000);
    await made.connection.call("op");
    expect(made.server.times("/token")).toBe(2);
  });

  test("names a token type and scopes, as text or as a list, which a header may use", async () => {
    const profile =
      '\n    auth_headers: { Authorization: "{oauth.token_type} {access_token}", X-Scope: "{oauth.scope}" }';
    const made = await oneToken(
      "default_scopes: [x]",
      { access_token: "a", token_type: "MAC", scope: ["r", "w"] },
      profile,
    );
    expect(made.server.requests[1]?.headers).toMatchObject({ authorization: "MAC a", "x-scope": "r w" });
  });

  test("leaves out what it might say: empty scopes and null lives are no fault", async () => {
    expect(
      sent(
        await oneToken("ttl_seconds: 60", { access_token: "a", scope: "", expires_in: null, token_type: "" }),
      ),
    ).toBe("Bearer a");
  });

  test("says an error with a status of success, where the descriptor says", async () => {
    const made = await machine({
      oauth:
        'response: { access_token: "$.data.access_token", error: "$.code", error_description: "$.message" }',
      routes: { "POST /token": json({ code: 40105, message: "the app is unknown", data: {} }) },
    });
    await expect(made.connection.call("op")).rejects.toMatchObject({
      code: "authentication_failed",
      message: expect.stringContaining("the app is unknown"),
      details: { server_code: "40105" },
    });
  });
});

describe("a login", () => {
  const tokens = json({ access_token: "a1", refresh_token: "r1", expires_in: 60 });

  test("has other names on the page, in the redirect and in the request for the token", async () => {
    const made = await person({
      oauth:
        'client_auth: none, authorize_fragment: /oauth/authorize, default_scopes: [a, b], scope_separator: ",", param_names: { client_id: appKey, redirect_uri: redirectUri, state: customField, response_type: responseType, code: auth_code }, authorize_params: { prompt: null, response_type: "code id_token" }, callback: { code: the_code, state: customField }',
      routes: { "POST /token": tokens, "GET /x": json(1) },
      credentials: { client_id: "id" },
    });
    const begun = await made.connection.authorize({ redirectUri });
    const [page, query] = begun.url.split("?");
    expect(page).toBe(`${made.server.origin}/authorize#/oauth/authorize`);
    // The own parameter has the API's name, so the protocol's stays beside it: names are compared as they are sent.
    expect(Object.fromEntries(new URLSearchParams(query))).toEqual({
      responseType: "code",
      response_type: "code id_token",
      appKey: "id",
      redirectUri,
      scope: "a,b",
      customField: begun.state,
    });
    await expect(begun.complete(`${redirectUri}?the_code=c&state=${begun.state}`)).rejects.toMatchObject({
      code: "policy_denied",
    });
    await begun.complete(`${redirectUri}?the_code=c&customField=${begun.state}`);
    expect(made.server.requests[0]?.text).toBe(
      `grant_type=authorization_code&auth_code=c&redirectUri=${encodeURIComponent(redirectUri)}&appKey=id`,
    );
  });

  test("keeps what the redirect brings, over renewals, for token calls and operations", async () => {
    let count = 0;
    const made = await person({
      oauth:
        'token_params: { realm: "{oauth.realm_id}" }, refresh_params: { realm: "{oauth.realm_id}", at: "{oauth.instance}" }, callback: { extract: { realm_id: realmId, absent: nothing } }, extract: { instance: "$.instance" }',
      endpoint: "/{oauth.realm_id}/{oauth.instance}",
      routes: {
        "POST /token": () =>
          json({
            access_token: `a${++count}`,
            expires_in: 60,
            ...(count === 1 ? { refresh_token: "r", instance: "eu 1" } : {}),
          }),
        "GET /*": json(1),
      },
    });
    await signIn(made, (state) => `code=c&realmId=12%2F3&state=${state}`);
    expect(made.server.requests[0]?.form.get("realm")).toBe("12/3");
    await made.connection.call("op");
    made.clock.jump(61_000);
    await made.connection.call("op");
    const [, first, refresh, second] = made.server.requests;
    expect(first?.target).toBe("/12%2F3/eu%201");
    expect(Object.fromEntries(refresh?.form ?? [])).toMatchObject({
      grant_type: "refresh_token",
      realm: "12/3",
      at: "eu 1",
    });
    expect(second).toMatchObject({ target: "/12%2F3/eu%201", headers: { authorization: "Bearer a2" } });
  });

  test("sends the client to a server that the redirect names only if `allowed_hosts` admits it", async () => {
    const given = {
      profile: "\n    allowed_hosts: [accounts.example.org]",
      oauth: 'callback: { extract: { server: accounts-server } }, refresh_url: "{oauth.server}/refresh"',
      routes: { "POST /token": tokens, "POST /refresh": tokens, "GET /x": json(1) },
    };
    const made = await person(given);
    await signIn(made, (state) => `code=c&accounts-server=https%3A%2F%2Fevil.example.org&state=${state}`);
    made.clock.jump(61_000);
    await expect(made.connection.call("op")).rejects.toMatchObject({ code: "destination_blocked" });
    expect(made.server.times("/refresh")).toBe(0);
  });

  test("refuses a redirect whose value is not printable, or is there twice", async () => {
    const oauth = "callback: { extract: { realm_id: realmId } }";
    for (const query of ["realmId=%00", "realmId=1&realmId=2", `realmId=${"x".repeat(2_001)}`]) {
      const made = await person({ oauth, routes: { "POST /token": tokens } });
      await expect(signIn(made, (state) => `code=c&${query}&state=${state}`)).rejects.toMatchObject({
        code: "policy_denied",
        message: expect.stringContaining("realmId"),
      });
      expect(made.server.times("/token")).toBe(0);
    }
  });

  test("says which scopes were granted: those of the answer, else those asked for, and those of before", async () => {
    let count = 0;
    const made = await person({
      oauth: "default_scopes: [read, write]",
      routes: {
        "POST /token": () =>
          json({
            access_token: `a${++count}`,
            refresh_token: `r${count}`,
            expires_in: 60,
            ...(count === 2 ? { scope: "read,admin" } : {}),
          }),
        "GET /x": json(1),
      },
    });
    expect((await signIn(made)).grant.scopes).toEqual(["read", "write"]);
    expect((await signIn(made)).grant.scopes).toEqual(["read", "admin"]);
    made.clock.jump(61_000);
    await made.connection.call("op");
    expect(made.server.times("/token")).toBe(3);
    expect((await made.connection.grant())?.scopes).toEqual(["read", "admin"]);
  });
});

describe("a refresh", () => {
  test("goes elsewhere, by another method, without the secret", async () => {
    let count = 0;
    const made = await person({
      oauth:
        'response: { refresh_token: "$.access_token" }, refresh_url: "{base_url}/refresh_access_token", refresh: { method: GET, client_auth: none }, param_names: { refresh_token: access_token }, refresh_params: { grant_type: ig_refresh_token, client_id: null }',
      routes: {
        "* /*": ({ path }) =>
          path === "/x" ? json(1) : json({ access_token: `a${++count}`, expires_in: 60 }),
      },
    });
    await signIn(made);
    made.clock.jump(61_000);
    await made.connection.call("op");
    expect(made.server.requests[1]).toMatchObject({
      method: "GET",
      target: "/refresh_access_token?grant_type=ig_refresh_token&access_token=a1",
    });
    made.clock.jump(61_000);
    await made.connection.call("op");
    expect(made.server.requests[3]?.query.get("access_token")).toBe("a2");
  });

  test("carries the refresh token in a header, and nothing in its JSON body but that", async () => {
    let count = 0;
    const made = await person({
      oauth:
        'body_format: form, refresh: { body_format: json, client_auth: basic, headers: { X-Old: "{access_token}", X-Refresh: "Bearer {refresh_token}" } }, refresh_params: { grant_type: null }',
      routes: {
        "POST /token": () =>
          json({ access_token: `a${++count}`, refresh_token: `r${count}`, expires_in: 60 }),
        "GET /x": json(1),
      },
    });
    await signIn(made);
    made.clock.jump(61_000);
    await made.connection.call("op");
    expect(made.server.requests[1]).toMatchObject({
      text: '{"refresh_token":"r1"}',
      headers: { "x-refresh": "Bearer r1", "x-old": "a1", authorization: expect.stringMatching(/^Basic /) },
    });
  });
});

describe("a token that is given to a machine's profile", () => {
  const routes = { "POST /token": json({ access_token: "own" }), "GET /x": json(1) };

  test("serves until it ends; then the client gets its own", async () => {
    const made = await machine({ oauth: "client_auth: body", routes });
    const connection = made.runtime.connect(made.ir, {
      config: { base_url: made.server.origin },
      credentials: {
        ...client,
        access_token: "given",
        expires_at: String((made.clock.wall() + 60_000) / 1000),
      },
    });
    await connection.call("op");
    made.clock.jump(61_000);
    await connection.call("op");
    expect(made.server.requests.map(({ path, headers }) => [path, headers.authorization])).toEqual([
      ["/x", "Bearer given"],
      ["/token", undefined],
      ["/x", "Bearer own"],
    ]);
  });

  test("that is refused gives way to the client's own", async () => {
    const made = await machine({
      oauth: "client_auth: body",
      routes: {
        ...routes,
        "GET /x": ({ headers }) => (headers.authorization === "Bearer own" ? json(1) : status(401)),
      },
      credentials: { ...client, access_token: "given" },
    });
    expect(await made.connection.call("op")).toMatchObject({ data: 1, attempts: 2 });
  });

  test("and has ended says so where there is no client", async () => {
    const made = await machine({
      oauth: "client_auth: body",
      routes,
      credentials: { access_token: "given", expires_at: "1" },
    });
    await expect(made.connection.call("op")).rejects.toMatchObject({
      code: "missing_credential",
      message: expect.stringContaining("client_id"),
    });
    expect(made.server.requests).toEqual([]);
  });
});

describe("calls after the token", () => {
  const swap =
    'after_token: [{ step_name: long, method: GET, endpoint: "{base_url}/exchange", query_params: { grant_type: swap, secret: "{client_secret}", short: "{access_token}" }, extract: { access_token: "$.access_token", expires_in: "$.expires_in" } }, { step_name: who, method: GET, endpoint: "{base_url}/accounts", headers: { Authorization: "Bearer {access_token}", X-Site: "{oauth.site}" }, extract: { account: "$[0].id" } }], extract: { site: "$.site" }';

  test("take a longer token in place of the first, and look up what paths need, once for each login", async () => {
    const made = await person({
      oauth: swap,
      endpoint: "/{oauth.account}/x",
      routes: {
        "POST /token": json({ access_token: "short", expires_in: 60, site: "eu" }),
        "GET /exchange": json({ access_token: "long", expires_in: 5_184_000 }),
        "GET /accounts": json([{ id: "acc/1" }, { id: "acc/2" }]),
        "GET /*": json(1),
      },
    });
    const { grant } = await signIn(made);
    expect(grant.expiresAt?.getTime()).toBe(made.clock.wall() + 5_184_000_000);
    made.clock.jump(86_400_000);
    await made.connection.call("op");
    const [, exchange, accounts, call] = made.server.requests;
    expect(exchange?.target).toBe("/exchange?grant_type=swap&secret=s%2F1%20%3F&short=short");
    expect(accounts?.headers).toMatchObject({ authorization: "Bearer long", "x-site": "eu" });
    expect(call).toMatchObject({ target: "/acc%2F1/x", headers: { authorization: "Bearer long" } });
    expect(made.server.requests.length).toBe(4);
  });

  test("are made for a machine's token, too, and again for its next one", async () => {
    let count = 0;
    const made = await machine({
      oauth:
        'after_token: [{ step_name: who, method: GET, endpoint: "{base_url}/whoami", headers: { Authorization: "Bearer {access_token}" }, extract: { tenant: "$.id" } }]',
      profile: '\n    auth_headers: { Authorization: "Bearer {access_token}", X-Tenant: "{oauth.tenant}" }',
      routes: {
        "POST /token": () => json({ access_token: `a${++count}`, expires_in: 60 }),
        "GET /whoami": ({ headers }) => json({ id: `of ${headers.authorization}` }),
        "GET /x": json(1),
      },
    });
    await made.connection.call("op");
    await made.connection.call("op");
    made.clock.jump(61_000);
    await made.connection.call("op");
    expect(made.server.requests.map(({ path, headers }) => [path, headers["x-tenant"]])).toEqual([
      ["/token", undefined],
      ["/whoami", undefined],
      ["/x", "of Bearer a1"],
      ["/x", "of Bearer a1"],
      ["/token", undefined],
      ["/whoami", undefined],
      ["/x", "of Bearer a2"],
    ]);
  });

  test("leave the token to be renewed where an operation refuses it", async () => {
    let count = 0;
    const made = await machine({
      oauth:
        'after_token: [{ step_name: who, method: GET, endpoint: "{base_url}/whoami", headers: { Authorization: "Bearer {access_token}" }, extract: { tenant: "$.id" } }]',
      endpoint: "/{oauth.tenant}",
      routes: {
        "POST /token": () => json({ access_token: `a${++count}` }),
        "GET /whoami": ({ headers }) => json({ id: headers.authorization?.slice(7) }),
        "GET /a1": status(401),
        "GET /a2": json(1),
      },
    });
    expect(await made.connection.call("op")).toMatchObject({ data: 1, attempts: 2 });
    expect(made.server.times("/token")).toBe(2);
  });

  test("that fail say which of them did", async () => {
    const made = await person({
      oauth: swap,
      routes: {
        "POST /token": json({ access_token: "short-canary", site: "eu" }),
        "GET /exchange": status(400, { error: "no short-canary" }),
      },
    });
    const failure = await signIn(made).catch((thrown: unknown) => thrown);
    expect(failure).toMatchObject({ code: "chain_step_failed", details: { step: "long" } });
    expect(String(failure)).not.toContain("short-canary");
    expect(await made.connection.grant()).toBeUndefined();
  });

  test.each([
    ["http://api.desk.com/a", "over plain http"],
    ["https://api.other.net/a", "would go to api.other.net"],
  ])("to %s are found", async (endpoint, message) => {
    const yaml = yamlOf("oauth2_client_credentials", {
      oauth: `after_token: [{ step_name: who, endpoint: "${endpoint}", body: { s: "{client_secret}" }, extract: { a: "$.a" } }]`,
      routes: {},
    }).replaceAll("{base_url}", "https://api.desk.com");
    await expect(irOf(yaml.replace(/^connection_config.*\n/m, ""))).rejects.toThrow(message);
  });

  test("have names of their own", async () => {
    const oauth = 'after_token: [{ step_name: token, endpoint: "{base_url}/a", extract: { a: "$.a" } }]';
    await expect(irOf(yamlOf("oauth2_client_credentials", { oauth, routes: {} }))).rejects.toThrow(
      "The token call itself has the name `token`",
    );
  });
});

test("a token URL may not name what only its own answer brings", async () => {
  const oauth = 'token_params: { at: "{oauth.instance}" }, extract: { instance: "$.instance" }';
  await expect(irOf(yamlOf("oauth2_client_credentials", { oauth, routes: {} }))).rejects.toThrow("instance");
});
