import { createHash, createHmac } from "node:crypto";
import {
  createCertificate,
  json,
  type ReceivedRequest,
  type Reply,
  type Routes,
  status,
} from "../../runtime/testing/index.ts";
import { rsaKeys } from "./jwt.ts";
import { descriptor } from "./line.ts";

/** One way to authenticate, around one secret. */
export interface AuthKind {
  /** The profile in YAML flow style, without its id. */
  readonly profile: string;
  /** The steps of its chain, where it has one. */
  readonly steps?: string;
  readonly credentials: (secret: string) => Record<string, unknown>;
  /** The request that carries the secret, or is signed with it. */
  readonly at: "/x" | "/token";
  /** True where a server that knows the secret would take this request: the scheme's own rules, written down here once more. */
  readonly proves: (request: ReceivedRequest, secret: string) => boolean;
}

/** Secrets beside the one that a kind is about: given along with it, or issued by `givenRoutes`. */
export const canaries = {
  client: "CaNaRy-of-the-client",
  tokenSecret: "CaNaRy-token-secret",
  token: "CaNaRy-access-token",
  refresh: "CaNaRy-refresh-token",
  role: "CaNaRy-role-key",
};

const base64 = (text: string): string => Buffer.from(text).toString("base64");
const hmac = (name: string, key: string | Uint8Array, text: string): Buffer =>
  createHmac(name, key).update(text).digest();
const sha256 = (text: string | Uint8Array): string => createHash("sha256").update(text).digest("hex");
const md5 = (text: string): string => createHash("md5").update(text).digest("hex");
const strict = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

/** Parameters of an `Authorization` or `X-WSSE` header. */
function parameters(header = ""): Record<string, string> {
  const pairs = [...header.matchAll(/([\w*]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g)];
  return Object.fromEntries(pairs.map(([, name, quoted, plain]) => [name, quoted ?? plain ?? ""]));
}

const apiKey = "type: api_key, fields: [{ key: k, label: K, secret: true }]";
const key = (secret: string) => ({ k: secret });
const oauth = 'token_url: "{base_url}/token"';
const client = (secret: string) => ({ client_id: "me", client_secret: secret });

const chainOf = (request: string, proves: AuthKind["proves"], more: Partial<AuthKind> = {}): AuthKind => ({
  profile: `${apiKey}, credential_chain_id: c`,
  steps: `[{ step_name: one, method: POST, ${request}, extract: { token: "$.access_token", expires_in: "$.expires_in" } }]`,
  credentials: key,
  at: "/token",
  proves,
  ...more,
});

function provesOAuth1({ method, headers, target }: ReceivedRequest, secret: string): boolean {
  const sent = parameters(headers.authorization);
  const signed = Object.entries(sent)
    .filter(([name]) => name.startsWith("oauth_") && name !== "oauth_signature")
    .map(([name, value]) => `${name}=${value}`)
    .sort();
  const base = [method, `http://${headers.host}${target}`, signed.join("&")].map(strict).join("&");
  const signature = hmac("sha1", `${strict(secret)}&${strict(canaries.tokenSecret)}`, base).toString(
    "base64",
  );
  return decodeURIComponent(sent.oauth_signature ?? "") === signature;
}

function provesAws({ method, headers, path, text }: ReceivedRequest, secret: string): boolean {
  const { Credential = "", SignedHeaders = "", Signature } = parameters(headers.authorization);
  const [, ...scope] = Credential.split("/");
  const lines = SignedHeaders.split(";").map((name) => `${name}:${headers[name]}`);
  const canonical = [method, path, "", ...lines, "", SignedHeaders, sha256(text)].join("\n");
  const toSign = ["AWS4-HMAC-SHA256", headers["x-amz-date"], scope.join("/"), sha256(canonical)].join("\n");
  const signing = scope.reduce<string | Buffer>((last, part) => hmac("sha256", last, part), `AWS4${secret}`);
  return hmac("sha256", signing, toSign).toString("hex") === Signature;
}

function provesDigest({ method, headers }: ReceivedRequest, secret: string): boolean {
  const { realm, nonce, nc, cnonce, qop, uri, response } = parameters(headers.authorization);
  const response1 = [md5(`ann:${realm}:${secret}`), nonce, nc, cnonce, qop, md5(`${method}:${uri}`)].join(
    ":",
  );
  return md5(response1) === response;
}

function provesJwt(token = "", secret: string): boolean {
  const [header, claims, signature] = token.replace("Bearer ", "").split(".");
  return hmac("sha256", secret, `${header}.${claims}`).toString("base64url") === signature;
}

/** Every way to authenticate by a secret that can be any text. */
export const authKinds: Readonly<Record<string, AuthKind>> = {
  "an API key in a header": {
    profile: `${apiKey}, auth_headers: { X-Key: '{k}' }`,
    credentials: key,
    at: "/x",
    proves: ({ rawHeaders }, secret) =>
      rawHeaders.some(([name, value]) => name.toLowerCase() === "x-key" && value === secret),
  },
  "an API key in hex": {
    profile: `${apiKey}, auth_headers: { X-Key: '{hex({k})}' }`,
    credentials: key,
    at: "/x",
    proves: ({ headers }, secret) => Buffer.from(headers["x-key"] ?? "", "hex").toString() === secret,
  },
  "an API key in the query": {
    profile: `${apiKey}, auth_query: { key: '{k}' }`,
    credentials: key,
    at: "/x",
    proves: ({ query }, secret) => query.get("key") === secret && [...query].length === 1,
  },
  "an API key in a cookie": {
    profile: `${apiKey}, auth_cookies: { sid: '{k}' }`,
    credentials: key,
    at: "/x",
    // What a cookie may hold goes as it is, such as a value that a server has set; anything else percent-encoded.
    proves: ({ headers }, secret) => {
      const value = (headers.cookie ?? "").slice("sid=".length);
      return value === secret || (decodeURIComponent(value) === secret && /%/.test(value));
    },
  },
  basic: {
    profile: "type: basic",
    credentials: (password) => ({ username: "ann", password }),
    at: "/x",
    proves: ({ headers }, secret) => headers.authorization === `Basic ${base64(`ann:${secret}`)}`,
  },
  bearer: {
    profile: "type: bearer",
    credentials: (token) => ({ token }),
    at: "/x",
    proves: ({ rawHeaders }, secret) =>
      rawHeaders.some(
        ([name, value]) => name.toLowerCase() === "authorization" && value === `Bearer ${secret}`,
      ),
  },
  digest: {
    profile: "type: digest",
    credentials: (password) => ({ username: "ann", password }),
    at: "/x",
    proves: provesDigest,
  },
  wsse: {
    profile: "type: wsse",
    credentials: (password) => ({ username: "ann", password }),
    at: "/x",
    proves: ({ headers }, secret) => {
      const { Nonce = "", Created, PasswordDigest } = parameters(headers["x-wsse"]);
      const hashed = createHash("sha1").update(Buffer.from(Nonce, "base64")).update(`${Created}${secret}`);
      return hashed.digest("base64") === PasswordDigest;
    },
  },
  jwt: {
    profile:
      "type: jwt, fields: [{ key: private_key, label: K, secret: true }], jwt: { algorithm: HS256, key: '{private_key}' }",
    credentials: (secret) => ({ private_key: secret }),
    at: "/x",
    proves: ({ headers }, secret) => provesJwt(headers.authorization, secret),
  },
  "oauth 1": {
    profile: "type: oauth1",
    credentials: (secret) => ({
      consumer_key: "ck",
      consumer_secret: secret,
      token: "t",
      token_secret: canaries.tokenSecret,
    }),
    at: "/x",
    proves: provesOAuth1,
  },
  aws: {
    profile: "type: aws_sigv4, aws_sigv4: { service: execute-api, region: eu-west-1 }",
    credentials: (secret) => ({ access_key_id: "AKID", secret_access_key: secret }),
    at: "/x",
    proves: provesAws,
  },
  "an assumed role": {
    profile:
      'type: aws_sigv4, aws_sigv4: { service: execute-api, region: eu-west-1, assume_role: { role_arn: r, sts_url: "{base_url}/token" } }',
    credentials: (secret) => ({ access_key_id: "AKID", secret_access_key: secret }),
    at: "/token",
    proves: provesAws,
  },
  "a client in the body": {
    profile: `type: oauth2_client_credentials, oauth: { ${oauth} }`,
    credentials: client,
    at: "/token",
    proves: ({ form }, secret) => form.get("client_secret") === secret,
  },
  "a client by Basic": {
    profile: `type: oauth2_client_credentials, oauth: { ${oauth}, client_auth: basic }`,
    credentials: client,
    at: "/token",
    // RFC 6749, section 2.3.1: each half is form-encoded first.
    proves: ({ headers }, secret) => {
      const pair = Buffer.from((headers.authorization ?? "").slice("Basic ".length), "base64").toString();
      return decodeURIComponent(pair.slice("me:".length).replaceAll("+", "%20")) === secret;
    },
  },
  "a client in the query": {
    profile: `type: oauth2_client_credentials, oauth: { ${oauth}, client_auth: query }`,
    credentials: client,
    at: "/token",
    proves: ({ query }, secret) => query.get("client_secret") === secret,
  },
  "a refresh token": {
    profile: `type: oauth2_authorization_code, oauth: { ${oauth}, authorize_url: "{base_url}/authorize" }`,
    credentials: (secret) => ({ client_id: "me", client_secret: canaries.client, refresh_token: secret }),
    at: "/token",
    proves: ({ form }, secret) => form.get("refresh_token") === secret,
  },
  "a chain by JSON": chainOf(
    'endpoint: "{base_url}/token", body: { login: { k: "{k}", fixed: true } }',
    ({ json: body }, secret) =>
      JSON.stringify(body) === JSON.stringify({ login: { k: secret, fixed: true } }),
  ),
  "a chain by form": chainOf(
    'endpoint: "{base_url}/token", content_type: form, body: { u: ann, k: "{k}" }',
    ({ form }, secret) => form.get("k") === secret && form.get("u") === "ann",
  ),
  "a chain by XML": chainOf(
    `endpoint: "{base_url}/token", content_type: xml, body: '<l u="ann" k="{k}"><k>{k}</k></l>'`,
    ({ text }, secret) => {
      const plain = (part = ""): string =>
        part
          .replaceAll("&lt;", "<")
          .replaceAll("&gt;", ">")
          .replaceAll("&quot;", '"')
          .replaceAll("&apos;", "'")
          .replace(/&#x([0-9a-f]+);/gi, (_, code) => String.fromCodePoint(Number.parseInt(code, 16)))
          .replaceAll("&amp;", "&");
      const [, attribute, element] = /^<l u="ann" k="([^"<]*)"><k>([^<]*)<\/k><\/l>$/.exec(text) ?? [];
      return plain(attribute) === secret && plain(element) === secret;
    },
  ),
  "a chain by text": chainOf(
    `endpoint: "{base_url}/token", content_type: text, body: 'key={k};'`,
    ({ text }, secret) => text === `key=${secret};`,
  ),
  "a chain by a header": chainOf(
    `endpoint: "{base_url}/token", headers: { Authorization: 'Basic {base64(ann:{k})}' }`,
    ({ headers }, secret) => headers.authorization === `Basic ${base64(`ann:${secret}`)}`,
  ),
  "a chain by the path": chainOf(
    'endpoint: "{base_url}/token/{k}"',
    ({ path }, secret) => decodeURIComponent(path.slice("/token/".length)) === secret,
  ),
};

const decoded = (text = ""): string => decodeURIComponent(text);

/** The parts of these that are no secret, and stand in headers all the same. */
export const nameKinds: Readonly<Record<string, AuthKind>> = {
  "the user of basic": {
    profile: "type: basic",
    credentials: (username) => ({ username, password: "pw" }),
    at: "/x",
    // RFC 7617, section 2: the first colon ends the name.
    proves: ({ headers }, name) =>
      Buffer.from((headers.authorization ?? "").slice("Basic ".length), "base64")
        .toString()
        .split(":")[0] === name,
  },
  "the user of digest": {
    profile: "type: digest",
    credentials: (username) => ({ username, password: "pw" }),
    at: "/x",
    proves: ({ rawHeaders }, name) => {
      const sent = rawHeaders.find(([header]) => header.toLowerCase() === "authorization")?.[1];
      const { username, "username*": extended } = parameters(sent);
      return username === undefined
        ? decoded(extended?.replace("UTF-8''", "")) === name
        : username.replace(/\\(.)/g, "$1") === name;
    },
  },
  "the user of wsse": {
    profile: "type: wsse",
    credentials: (username) => ({ username, password: "pw" }),
    at: "/x",
    proves: ({ headers }, name) => parameters(headers["x-wsse"]).Username?.replace(/\\(.)/g, "$1") === name,
  },
  "the consumer of oauth 1": {
    profile: "type: oauth1",
    credentials: (name) => ({
      consumer_key: name,
      consumer_secret: "cs",
      token: name,
      token_secret: canaries.tokenSecret,
    }),
    at: "/x",
    proves: (request, name) => {
      const { oauth_consumer_key, oauth_token } = parameters(request.headers.authorization);
      return (
        provesOAuth1(request, "cs") && decoded(oauth_consumer_key) === name && decoded(oauth_token) === name
      );
    },
  },
  "the realm of oauth 1": {
    profile:
      "type: oauth1, oauth1: { realm: '{r}' }, fields: [{ key: r, label: R }, { key: consumer_key, label: C }, { key: consumer_secret, label: S, secret: true }, { key: token, label: T }, { key: token_secret, label: U, secret: true }]",
    credentials: (r) => ({
      r,
      consumer_key: "ck",
      consumer_secret: "cs",
      token: "t",
      token_secret: canaries.tokenSecret,
    }),
    at: "/x",
    proves: (request, name) =>
      provesOAuth1(request, "cs") &&
      parameters(request.headers.authorization).realm?.replace(/\\(.)/g, "$1") === name,
  },
  "the key id of aws": {
    profile: "type: aws_sigv4, aws_sigv4: { service: execute-api, region: eu-west-1 }",
    credentials: (name) => ({ access_key_id: name, secret_access_key: "s" }),
    at: "/x",
    proves: ({ headers }, name) => headers.authorization?.includes(`Credential=${name}/2026`) ?? false,
  },
  "the session of aws": {
    profile: "type: aws_sigv4, aws_sigv4: { service: execute-api, region: eu-west-1 }",
    credentials: (name) => ({ access_key_id: "AKID", secret_access_key: "s", session_token: name }),
    at: "/x",
    proves: (request, name) => request.headers["x-amz-security-token"] === name && provesAws(request, "s"),
  },
  "a client's id in the body": {
    profile: `type: oauth2_client_credentials, oauth: { ${oauth} }`,
    credentials: (name) => ({ client_id: name, client_secret: "s" }),
    at: "/token",
    proves: ({ form }, name) => form.get("client_id") === name,
  },
  "a client's id by Basic": {
    profile: `type: oauth2_client_credentials, oauth: { ${oauth}, client_auth: basic }`,
    credentials: (name) => ({ client_id: name, client_secret: "s" }),
    at: "/token",
    proves: ({ headers }, name) => {
      const pair = Buffer.from((headers.authorization ?? "").slice("Basic ".length), "base64").toString();
      return decoded(pair.split(":")[0]?.replaceAll("+", "%20")) === name;
    },
  },
};

const pair = createCertificate();
const rsa = rsaKeys().pem;

/** The ways whose key is one of a kind, not any text. */
export const keyKinds: Readonly<Record<string, Omit<AuthKind, "proves"> & { readonly key: string }>> = {
  "a client that signs": {
    profile: `type: oauth2_client_credentials, fields: [{ key: client_id, label: C }, { key: pk, label: K, secret: true }], oauth: { ${oauth}, client_auth: private_key_jwt, client_assertion: { key: "{pk}" } }`,
    credentials: (pem) => ({ client_id: "me", pk: pem }),
    at: "/token",
    key: rsa,
  },
  "a client certificate": {
    profile:
      "type: bearer, fields: [{ key: token, label: T, secret: true }, { key: cert, label: C }, { key: pk, label: K, secret: true }], mtls: { certificate: cert, key: pk }",
    credentials: (key) => ({ token: canaries.token, cert: pair.cert, pk: key }),
    at: "/x",
    key: pair.key,
  },
  "a service account": {
    profile: `type: service_account, oauth: { ${oauth} }`,
    credentials: (pem) => ({
      service_account_json: { client_email: "a@b", private_key: pem, private_key_id: "1" },
    }),
    at: "/token",
    key: rsa,
  },
};

/** The descriptor of one kind: one operation, and a test endpoint. */
export function descriptorOf(
  { profile, steps }: Pick<AuthKind, "profile" | "steps">,
  operation = "",
): string {
  const chain = `
credential_chains:
  - { chain_id: c, description: One step., initial_credentials_required: [k], final_credential_name: token, steps: ${steps} }`;
  return descriptor(
    `operations: [{ operation_id: op, summary: One, endpoint: /x, auth_type_ref: p${operation} }]${steps ? chain : ""}`,
    `  - { profile_id: p, test_endpoint: { url: /x }, ${profile} }`,
  );
}

/** An API and a token endpoint that take all that comes. */
export const givenRoutes: Routes = {
  "GET /x": json(1),
  "POST /token": ({ form }) => token(form.get("Action")),
  "POST /token/*": () => token(null),
};

/** What a server says that wants digest authentication. */
export const challenge = 'Digest realm="r", nonce="n", qop="auth", algorithm=MD5';

/** The API of a digest profile. */
export const challenging: Routes = {
  "GET /x": ({ headers }) =>
    headers.authorization === undefined ? status(401, {}, { "www-authenticate": challenge }) : json(1),
};

function token(action: string | null): Reply {
  return action === "AssumeRole"
    ? {
        text: `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>A</AccessKeyId><SecretAccessKey>${canaries.role}</SecretAccessKey><SessionToken>s</SessionToken></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
        headers: { "content-type": "text/xml" },
      }
    : json({ access_token: canaries.token, refresh_token: canaries.refresh, expires_in: 60 });
}
