import { describe, expect, it } from "vitest";
import { descriptor, told } from "./told.ts";

const key = (auth: string, operation: string): string =>
  descriptor(`
base_url: https://api.desk.com
authentication:
  - type: api_key
    fields:
      - { key: api_key, label: Key, field_type: secret }
    ${auth}
operations:
  - operation_id: me
    summary: Me
    auth_type_ref: api_key
    ${operation}
`);

const placed = 'auth_headers: { X-Key: "{api_key}" }';

const chain = (extract: string, operation: string): string =>
  descriptor(`
base_url: https://api.desk.com
credential_chains:
  - chain_id: login
    description: Log in.
    initial_credentials_required: [user, password]
    steps:
      - step_name: session
        endpoint: /session
        body: { user: "{user}", password: "{password}" }
        extract: { token: "$.token", ${extract} }
    final_credential_name: token
authentication:
  - { type: api_key, credential_chain_id: login }
operations:
  - operation_id: me
    summary: Me
    auth_type_ref: api_key
    ${operation}
`);

const oauth = (operation: string): string =>
  descriptor(`
base_url: https://api.desk.com
authentication:
  - type: oauth2_client_credentials
    oauth: { token_url: "https://login.desk.com/token", extract: { id_token: "$.id_token", team: "$.team.id" } }
operations:
  - operation_id: me
    summary: Me
    auth_type_ref: oauth2_client_credentials
    ${operation}
`);

const inUrl = (text: string): ReturnType<typeof told> => told(text, "secret/in-url");
const declared = "6 api_key: the secret `api_key` is declared here";
const session = [
  "6 password: the secret `password` is asked for here",
  "10 {password}: the request that asks for `ticket` uses it here",
  "11 ticket: `ticket` is taken from the answer here",
];

describe("a secret in a URL", () => {
  it("is a credential field in the path", async () => {
    expect(await inUrl(key(placed, 'endpoint: "/keys/{api_key}"'))).toEqual([
      { rule: "secret/in-url", severity: "warning", at: "{api_key}", way: [declared] },
    ]);
  });

  it("is a credential field in the query of the endpoint, and in `query`", async () => {
    expect(await inUrl(key(placed, 'endpoint: "/me?key={api_key}"'))).toMatchObject([{ way: [declared] }]);
    expect(await inUrl(key(placed, 'endpoint: /me\n    query: { key: "{api_key}" }'))).toMatchObject([
      { at: "{api_key}", way: [declared] },
    ]);
  });

  it("is a credential field in base_url, told once for all operations", async () => {
    const text = key(placed, "endpoint: /me").replace("api.desk.com", "api.desk.com/bot{api_key}");
    const twice = `${text}  - { operation_id: you, summary: You, auth_type_ref: api_key, endpoint: /you }\n`;
    expect(
      await inUrl(twice.replace("base_url: ", 'base_url: "').replace("}\nauth", '}"\nauth')),
    ).toMatchObject([{ at: "{api_key}", way: [declared] }]);
  });

  it.each([
    "base64({api_key})",
    "url({api_key})",
    "upper({api_key})",
    "default({api_key}, none)",
    "json({api_key})",
  ])("is what {%s} gives: it can be read back", async (call) => {
    expect(await inUrl(key(placed, `endpoint: "/me?key={${call}}"`))).toMatchObject([
      { at: "{api_key}", way: [declared] },
    ]);
  });

  it("is the claims of a JWT, and not its key", async () => {
    const jwt = `endpoint: "/me?token={jwt(HS256, {api_key}, '{\\"sub\\":\\"me\\"}')}"`;
    expect(await inUrl(key(placed, jwt.replace(`'{\\"sub\\":\\"me\\"}'`, "{api_key}")))).toHaveLength(1);
    expect(await inUrl(key(placed, jwt.replace(`'{\\"sub\\":\\"me\\"}'`, "me")))).toEqual([]);
  });

  it("is a fixed hash, which stands in for the secret", async () => {
    expect(await inUrl(key(placed, 'endpoint: "/me?h={hex(sha256({api_key}))}"'))).toMatchObject([
      { at: "{api_key}", way: [declared] },
    ]);
  });

  it.each([
    ["a keyed hash", "{hex(hmac_sha256({api_key}, me))}"],
    ["a hash over the time", "{hex(md5({now(unix)}{api_key}))}"],
    ["a hash over a random value", "{hex(sha1({uuid()}{api_key}))}"],
  ])("is not %s: a signature is made to be shown", async (_what, signature) => {
    expect(await inUrl(key(placed, `endpoint: "/me?signature=${signature}"`))).toEqual([]);
  });

  it("is not what auth_query sends: the author says that the API knows no other way", async () => {
    expect(await inUrl(key('auth_query: { key: "{api_key}" }', "endpoint: /me"))).toEqual([]);
  });

  it("is not in a header or body, also not through a function in a test endpoint", async () => {
    const test = 'test_endpoint: { url: /me, headers: { Authorization: "Basic {base64({api_key}:)}" } }';
    const body =
      'endpoint: /me\n    method: POST\n    body: { url: "{api_key}", query: { key: "{base64({api_key})}" } }';
    expect(await inUrl(key(`${placed}\n    ${test}`, body))).toEqual([]);
  });

  it("is a chain's extract, with the way that brought it", async () => {
    expect(await inUrl(chain('ticket: "$.ticket"', 'endpoint: "/me?ticket={chain.ticket}"'))).toEqual([
      { rule: "secret/in-url", severity: "warning", at: "{chain.ticket}", way: session },
    ]);
  });

  it.each([
    ["an id", 'account_id: "$.account.id"', "account_id"],
    ["an address", 'tenant_url: "$.token_server"', "tenant_url"],
    ["an expiry", 'session_expires_at: "$.until"', "session_expires_at"],
    ["what its path calls a region", 'r: "$.data.region"', "r"],
  ])("is not an extract that is %s", async (_what, extract, name) => {
    expect(await inUrl(chain(extract, `endpoint: "/me?x={chain.${name}}"`))).toEqual([]);
  });

  it("is an extract of no telling name where the request carried a secret, and only there", async () => {
    const named = chain('value: "$.value"', 'endpoint: "/me?x={chain.value}"');
    expect(await inUrl(named)).toHaveLength(1);
    const open = named.replace(
      'body: { user: "{user}", password: "{password}" }',
      'body: { user: "{user}" }',
    );
    expect(
      await inUrl(
        open
          .replace("[user, password]", "[user]")
          .replace("api_key, cred", "api_key, fields: [{ key: user, label: User }], cred"),
      ),
    ).toEqual([]);
  });

  it("is the access token, with where it is obtained", async () => {
    expect(await inUrl(oauth('endpoint: "/me?t={access_token}"'))).toEqual([
      {
        rule: "secret/in-url",
        severity: "warning",
        at: "{access_token}",
        way: ['5 "https://login.desk.com/token": the access token is obtained here'],
      },
    ]);
  });

  it("is a value of oauth.extract whose name says so, and no other", async () => {
    expect(await inUrl(oauth('endpoint: "/me?t={oauth.id_token}"'))).toMatchObject([
      { at: "{oauth.id_token}", way: ["5 id_token: `id_token` is taken from the token answer here"] },
    ]);
    expect(await inUrl(oauth('endpoint: "/teams/{oauth.team}"'))).toEqual([]);
  });

  it("is a secret parameter of the query, and not one of the body", async () => {
    const given = (location: string): string =>
      key(
        placed,
        `endpoint: /me\n    method: POST\n    parameters: [{ name: pin, location: ${location}, field_type: password }]`,
      );
    expect(await inUrl(given("query"))).toEqual([
      {
        rule: "secret/in-url",
        severity: "warning",
        at: "query",
        way: ["14 password: it is declared a secret here"],
      },
    ]);
    expect(await inUrl(given("body"))).toEqual([]);
  });
});

describe("a secret in a host", () => {
  const host = (type: string): string =>
    key(placed, 'endpoint: "https://{api_key}.desk.com/me"').replace(
      "field_type: secret",
      `field_type: ${type}, pattern: "[a-z]+"`,
    );

  it("is a secret credential field, at its hole, with where it is declared", async () => {
    expect(await told(host("secret"))).toEqual([
      { rule: "secret/in-host", severity: "warning", at: "{api_key}", way: [declared] },
    ]);
  });

  it("is not a field that is none, nor a setting, nor a chain's input that stands in a host", async () => {
    expect(
      await told(host("string").replaceAll("api_key}", "site}").replace("key: api_key", "key: site")),
    ).toEqual([]);
  });
});

describe("a cache key", () => {
  it("may hold a secret: it enters a keyed hash, and only that is kept", async () => {
    const text = chain('ticket: "$.ticket"', 'endpoint: "/me"\n    headers: { X-T: "{chain.ticket}" }');
    expect(
      await told(text.replace("        extract:", '        cache_key: "{password}"\n        extract:')),
    ).toEqual([]);
  });
});
