import { describe, expect, test } from "vitest";
import { compileText } from "../../../compiler/compile.ts";
import type { Profile } from "../../../schema/ir.ts";

/** The one profile of a descriptor with this authentication. */
async function profileOf(authentication: string, settings = ""): Promise<Profile> {
  const { connectors, diagnostics } =
    await compileText(`metadata: { name: Api, slug: api, description: An API of examples., publisher: Example }
base_url: "https://api.example.com"
${settings}authentication:
${authentication}
operations: [{ operation_id: op, summary: One, endpoint: /x, auth_type_ref: p }]
`);
  const profile = connectors[0]?.ir.profiles[0];
  if (!profile) throw new Error(diagnostics.map(({ rule, message }) => `${rule} ${message}`).join("\n"));
  return profile;
}

const ref = (key: string, member?: string) => ({
  symbol: { kind: "credential", key, ...(member === undefined ? {} : { member }) },
});
const grant = (name: string) => ({ symbol: { kind: "grant", name } });

describe("a login by code (RFC 6749, section 4.1)", () => {
  const code = (more = "") => `  - type: oauth2_authorization_code
    profile_id: p
    oauth:
      authorize_url: https://id.example.com/authorize
      token_url: https://id.example.com/token
      default_scopes: [read, write]
      authorize_params: { prompt: consent }
${more}`;

  test("has a page to open, a call for the code, and one for the refresh token", async () => {
    const { login, source, origins } = await profileOf(code());
    expect(login).toMatchObject({
      kind: "authorization_code",
      pkce: true,
      authorize: { origin: { origin: "https://id.example.com" }, path: { parts: ["/authorize"] } },
      query: [
        { name: "response_type", value: { parts: ["code"] } },
        { name: "client_id", value: { parts: [ref("client_id")] } },
        { name: "redirect_uri", value: { parts: [grant("redirect_uri")] } },
        { name: "scope", value: { parts: ["read%20write"] } },
        { name: "state", value: { parts: [grant("state")] } },
        { name: "code_challenge", value: { parts: [grant("code_challenge")] } },
        { name: "code_challenge_method", value: { parts: ["S256"] } },
        { name: "prompt", value: { parts: ["consent"] } },
      ],
    });
    expect(login?.kind === "authorization_code" && login.exchange.exchange.body?.root).toMatchObject({
      entries: [
        { key: "grant_type", value: { template: { parts: ["authorization_code"] } } },
        { key: "code", value: { template: { parts: [grant("code")] } } },
        { key: "redirect_uri" },
        { key: "code_verifier", value: { template: { parts: [grant("code_verifier")] } } },
        { key: "client_id" },
        { key: "client_secret" },
      ],
    });
    expect(source).toMatchObject({
      kind: "oauth2",
      grant: "authorization_code",
      steps: [],
      keep_refresh_token: true,
    });
    expect(source.kind === "oauth2" && source.refresh?.exchange.body?.root).toMatchObject({
      entries: [
        { key: "grant_type", value: { template: { parts: ["refresh_token"] } } },
        { key: "refresh_token", value: { template: { parts: [grant("refresh_token")] } } },
        { key: "client_id" },
        { key: "client_secret" },
      ],
    });
    expect(origins).toContainEqual({ kind: "literal", origin: "https://id.example.com" });
  });

  test("without PKCE, with a public client, another refresh address and an issuer", async () => {
    const { login, source } = await profileOf(
      code(
        "      pkce: false\n      client_auth: none\n      refresh_url: https://id.example.com/renew\n      issuer: https://id.example.com\n      refresh_params: { audience: a }\n",
      ),
    );
    const names = login?.kind === "authorization_code" ? login.query.map(({ name }) => name) : [];
    expect(names).not.toContain("code_challenge");
    expect(login).toMatchObject({ issuer: "https://id.example.com" });
    expect(source.kind === "oauth2" && source.refresh?.exchange).toMatchObject({
      url: { path: { parts: ["/renew"] } },
      body: {
        root: {
          entries: [
            { key: "grant_type" },
            { key: "refresh_token" },
            { key: "audience" },
            { key: "client_id" },
          ],
        },
      },
    });
  });
});

describe("a service account (RFC 7523)", () => {
  test("signs an assertion with its key file and asks where the file says", async () => {
    const { source, fields } = await profileOf(`  - type: service_account
    profile_id: p
    allowed_hosts: [oauth2.example.com]
    oauth: { default_scopes: [a, b], subject: "{user}" }
    fields: [{ key: key_file, label: Key, field_type: json }, { key: user, label: User }]`);
    expect(fields.map(({ key }) => key)).toContain("key_file");
    if (source.kind !== "oauth2") throw new Error("no OAuth source");
    expect(source.steps[0]).toMatchObject({
      exchange: {
        url: { origin: { kind: "base", base: { parts: [ref("key_file", "token_uri")] } } },
        body: { root: { entries: [{ key: "grant_type" }, { key: "assertion" }] } },
      },
      assertion: {
        algorithm: "RS256",
        key: { parts: [ref("key_file", "private_key")] },
        claims: {
          entries: [
            { key: "iss", value: { hole: ref("key_file", "client_email") } },
            { key: "sub", value: { hole: ref("user") } },
            { key: "scope", value: { value: "a b" } },
            { key: "aud", value: { hole: ref("key_file", "token_uri") } },
          ],
        },
        ttl_seconds: 3600,
      },
    });
  });
});

describe("signatures", () => {
  test("OAuth 1 takes its parts from the fields, or from templates", async () => {
    const { signer, login } = await profileOf(`  - type: oauth1
    profile_id: p
    oauth1: { realm: "{account}", signature_method: HMAC-SHA256 }
    fields:
      - { key: consumer_key, label: C }
      - { key: consumer_secret, label: S, secret: true }
      - { key: token, label: T }
      - { key: token_secret, label: TS, secret: true }
      - { key: account, label: A }`);
    expect(signer).toMatchObject({
      kind: "oauth1",
      method: "HMAC-SHA256",
      consumer_key: { parts: [ref("consumer_key")] },
      token_secret: { parts: [ref("token_secret")] },
      realm: { parts: [ref("account")] },
    });
    expect(login).toBeUndefined();
  });

  test("OAuth 1 in three legs signs its own calls", async () => {
    const { login } = await profileOf(`  - type: oauth1
    profile_id: p
    oauth1:
      request_token_url: https://a.example.com/request
      authorize_url: https://a.example.com/authorize?app=1
      access_token_url: https://a.example.com/access`);
    expect(login).toMatchObject({
      kind: "oauth1",
      request: {
        exchange: { method: "POST", response: { type: "form" } },
        signer: { extra: [{ name: "oauth_callback", value: { parts: [grant("redirect_uri")] } }] },
      },
      query: [{ name: "app" }, { name: "oauth_token", value: { parts: [grant("request_token")] } }],
      access: { signer: { token: { parts: [grant("request_token")] }, extra: [{ name: "oauth_verifier" }] } },
    });
  });

  test("AWS signs with the keys of a role, which a signed call obtains", async () => {
    const { signer, source } = await profileOf(
      `  - type: aws_sigv4
    profile_id: p
    aws_sigv4: { service: execute-api, region: "{region}", assume_role: { role_arn: "arn:aws:iam::1:role/r", external_id: x } }`,
      "connection_config: [{ key: region, label: Region, enum: [eu-west-1] }]\n",
    );
    expect(signer).toMatchObject({
      kind: "aws_sigv4",
      region: { parts: [{ symbol: { kind: "setting", key: "region" } }] },
      session_token: { parts: [{ symbol: { kind: "extract", step: "assume_role", name: "session_token" } }] },
    });
    expect(source).toMatchObject({
      kind: "chain",
      steps: [
        {
          name: "assume_role",
          exchange: {
            url: {
              origin: { kind: "host", authority: { parts: ["sts.", { context: "host" }, ".amazonaws.com"] } },
            },
            response: { type: "xml" },
          },
          life: { kind: "expires_at", name: "expiration", unit: "date" },
          signer: { service: { parts: ["sts"] }, access_key_id: { parts: [ref("access_key_id")] } },
        },
      ],
    });
  });

  test("digest and WSSE take a user name and a password", async () => {
    expect((await profileOf("  - { type: digest, profile_id: p }")).signer).toMatchObject({
      kind: "digest",
      username: { parts: [ref("username")] },
      password: { parts: [ref("password")] },
    });
    expect(
      (await profileOf("  - { type: wsse, profile_id: p, wsse: { digest: hex } }")).signer,
    ).toMatchObject({ kind: "wsse", header: "X-WSSE", nonce: "base64", digest: "hex" });
  });

  test("a token that is signed here has its recipe", async () => {
    const { source, placement } = await profileOf(`  - type: jwt
    profile_id: p
    fields: [{ key: id, label: I }, { key: secret, label: S, secret: true }]
    jwt: { algorithm: HS256, key: "{secret}", claims: { iss: "{id}", aud: /admin/, nested: { n: 1 } }, ttl_seconds: 60 }`);
    expect(source).toMatchObject({
      kind: "jwt",
      recipe: {
        algorithm: "HS256",
        key: { parts: [ref("secret")] },
        claims: {
          entries: [
            { key: "iss", value: { kind: "value", hole: ref("id") } },
            { key: "aud", value: { value: "/admin/" } },
            { key: "nested" },
          ],
        },
        ttl_seconds: 60,
      },
    });
    expect(placement.headers).toMatchObject([{ name: "Authorization" }]);
  });
});
