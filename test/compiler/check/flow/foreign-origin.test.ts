import { describe, expect, it } from "vitest";
import { descriptor, told } from "./told.ts";

const foreign = (text: string): ReturnType<typeof told> => told(text, "secret/foreign-origin");

/** A bearer profile whose user types in the token. */
const bearer = (other: string, more = ""): string =>
  descriptor(`
base_url: https://api.desk.com
authentication:
  - type: bearer
    ${more}
operations:
  - { operation_id: me, summary: Me, auth_type_ref: bearer, endpoint: /me }
  - { operation_id: far, summary: Far, auth_type_ref: bearer, endpoint: "${other}" }
`);

/** A password that signs in at one host, and a second step elsewhere. */
const chain = (second: string, request: string): string =>
  descriptor(`
credential_chains:
  - chain_id: login
    description: Log in.
    initial_credentials_required: [user, password]
    steps:
      - step_name: session
        endpoint: https://login.desk.com/session
        body: { user: "{user}", password: "{password}" }
        extract: { session: "$.session" }
      - step_name: token
        endpoint: "${second}"
        ${request}
        extract: { token: "$.token" }
    final_credential_name: token
authentication:
  - type: api_key
    credential_chain_id: login
    fields:
      - { key: user, label: User }
      - { key: password, label: Password, field_type: password }
operations:
  - { operation_id: me, summary: Me, auth_type_ref: api_key, endpoint: "https://api.desk.com/me" }
`);

const oauth = (operation: string): string =>
  descriptor(`
authentication:
  - type: oauth2_client_credentials
    oauth: { token_url: "https://login.idp.com/token" }
operations:
  - { operation_id: me, summary: Me, auth_type_ref: oauth2_client_credentials, endpoint: "https://api.desk.com/me" }
  - { operation_id: far, summary: Far, auth_type_ref: oauth2_client_credentials, ${operation} }
`);

describe("a secret at a foreign host", () => {
  it("is a user's token in an operation elsewhere, with its way from the declaration to both hosts", async () => {
    expect(await foreign(bearer("https://collector.net/me"))).toEqual([
      {
        rule: "secret/foreign-origin",
        severity: "error",
        at: '"https://collector.net/me"',
        way: [
          "4 bearer: the secret `token` comes with this type",
          "4 bearer: this type sends it in `Authorization`",
          "2 https://api.desk.com: the operation `me` sends it to api.desk.com here",
        ],
      },
    ]);
  });

  it.each([
    ["the same host", "https://api.desk.com/far"],
    ["another host of the owner", "https://files.eu.desk.com/far"],
    ["a host where a label is open", "https://files.{params.x}.desk.com/far"],
    ["the machine itself", "http://127.0.0.1:8080/far"],
  ])("is not %s", async (_what, other) => {
    expect(await foreign(bearer(other.replace(".{params.x}", "")))).toEqual([]);
  });

  it("is told as a warning where the names are alike", async () => {
    expect(await foreign(bearer("https://api.deskfiles.com/far"))).toMatchObject([{ severity: "warning" }]);
    expect(await foreign(bearer("https://api.desk.eu/far"))).toMatchObject([{ severity: "warning" }]);
  });

  it("tells owners apart under the suffixes of countries and of platforms", async () => {
    const at = (one: string, other: string): string =>
      bearer(`https://${other}/far`).replace("https://api.desk.com", `https://${one}`);
    expect(await foreign(at("api.desk.co.uk", "files.desk.co.uk"))).toEqual([]);
    expect(await foreign(at("api.desk.co.uk", "api.collector.co.uk"))).toHaveLength(1);
    expect(await foreign(at("desk.herokuapp.com", "collector.herokuapp.com"))).toHaveLength(1);
  });

  it("is not a host that allowed_hosts vouches for, of the profile or at the top", async () => {
    const far = "https://eu.collector.net/me";
    expect(await foreign(bearer(far, "allowed_hosts: [eu.collector.net]"))).toEqual([]);
    expect(await foreign(bearer(far, 'allowed_hosts: ["*.collector.net"]'))).toEqual([]);
    expect(
      await foreign(bearer(far).replace("base_url", "allowed_hosts: [eu.collector.net]\nbase_url")),
    ).toEqual([]);
    expect(await foreign(bearer(far, "allowed_hosts: [us.collector.net]"))).toHaveLength(1);
  });

  it("is the password of the first step in a second one, through a function, in the body or a header", async () => {
    const way = (put: string): string[] => [
      "21 password: the secret `password` is declared here",
      `13 {password}: it is put into the request here${put}`,
      "8 https://login.desk.com/session: the step `session` sends it to login.desk.com here",
    ];
    const body = await foreign(chain("https://collector.net/t", 'body: { p: "{base64({password})}" }'));
    expect(body).toEqual([
      {
        rule: "secret/foreign-origin",
        severity: "error",
        at: '"https://collector.net/t"',
        way: way(", by base64"),
      },
    ]);
    expect(await foreign(chain("https://collector.net/t", 'headers: { P: "{password}" }'))).toMatchObject([
      { way: way("") },
    ]);
  });

  it("is not what the first step obtained: a session may travel on", async () => {
    expect(await foreign(chain("https://collector.net/t", 'body: { s: "{session}" }'))).toEqual([]);
  });

  it("is not a signature, and not the user's name", async () => {
    expect(
      await foreign(chain("https://collector.net/t", 'headers: { S: "{hex(hmac_sha256({password}, me))}" }')),
    ).toEqual([]);
    expect(await foreign(chain("https://collector.net/t", 'headers: { U: "{user}" }'))).toEqual([]);
  });

  it("is an access token at a second API, as a warning, and not at the first", async () => {
    expect(await foreign(oauth('endpoint: "https://api.collector.net/me"'))).toEqual([
      {
        rule: "secret/foreign-origin",
        severity: "warning",
        at: '"https://api.collector.net/me"',
        way: [
          '4 "https://login.idp.com/token": the access token is obtained here',
          "3 oauth2_client_credentials: this type sends it in `Authorization`",
          '6 "https://api.desk.com/me": the operation `me` sends it to api.desk.com here',
        ],
      },
    ]);
    expect(await foreign(oauth('endpoint: "https://files.desk.com/me"'))).toEqual([]);
    expect(await foreign(oauth('endpoint: "https://api.idp.com/me"'))).toEqual([]);
  });

  it("is a test endpoint elsewhere", async () => {
    expect(await foreign(bearer("/far", 'test_endpoint: { url: "https://collector.net/me" }'))).toMatchObject(
      [{ severity: "error", at: '"https://collector.net/me"' }],
    );
  });

  it("takes the first of two equals for the home where no operation is at base_url", async () => {
    const text = bearer("https://api.collector.net/far").replace(
      "endpoint: /me",
      'endpoint: "https://api.desk.com/me"',
    );
    expect(await foreign(text)).toMatchObject([{ at: '"https://api.collector.net/far"' }]);
  });

  describe("where the user chooses the home", () => {
    const chosen = (setting: string): string =>
      bearer("https://api.collector.net/far").replace(
        "base_url: https://api.desk.com",
        `base_url: "{site}"\nconnection_config: [{ key: site, ${setting} }]`,
      );

    it("is a fixed host that the setting does not speak of, as a warning", async () => {
      expect(await foreign(chosen("format: uri"))).toMatchObject([{ severity: "warning" }]);
    });

    it("is not one that its default, example or pattern speaks of", async () => {
      for (const setting of [
        "format: uri, default_value: https://eu.collector.net",
        "format: uri, example: https://eu.collector.net",
        "pattern: 'https://[a-z]+\\.collector\\.net'",
        "enum: [https://eu.collector.net]",
      ])
        expect(await foreign(chosen(setting))).toEqual([]);
    });

    it("is not a second host of the user's choice", async () => {
      const text = chosen("format: uri }, { key: other, format: uri").replace(
        "https://api.collector.net",
        "{other}",
      );
      expect(await foreign(text)).toEqual([]);
    });
  });
});
