/** The way of signing in of each mode of the catalogue. */
import type { AuthProfile, ChainStep, CredentialField } from "../../../schema/descriptor.ts";
import type { Entry } from "./entry.ts";
import { fieldKeys, fieldsOf } from "./fields.ts";
import type { EntryNames } from "./names.ts";
import { byCode, clientCredentials, given, without } from "./oauth.ts";
import { chainSteps } from "./steps.ts";
import { Unsayable } from "./template.ts";

/** A profile without what is common to all of them, and the calls that obtain its credential. */
export interface Auth {
  readonly profile: AuthProfile;
  readonly steps?: readonly ChainStep[];
}

/** What the last step of a chain extracts. */
export const finalToken = "final_token";

/** What names of the catalogue stand for, before its fields and settings are asked. */
export function ownNames({ auth_mode: mode }: Entry): Readonly<Record<string, string>> {
  const token = mode === "TWO_STEP" || mode === "BILL" ? {} : { accessToken: "access_token" };
  return {
    apiKey: "apiKey",
    clientId: "client_id",
    clientSecret: "client_secret",
    "credentials.privateKey.secret": "privateKey_secret",
    "credentials.privateKey.id": "privateKey_id",
    ...token,
    ...(mode === "BASIC" ? { username: "username", password: "password" } : {}),
    ...(mode === "TWO_STEP" ? { accessToken: finalToken, "credentials.token": finalToken } : {}),
  };
}

/** Fails with `Unsayable` where the language has no words for a mode. */
export function authOf(entry: Entry, names: EntryNames): Auth {
  switch (entry.auth_mode) {
    case "NONE":
      return { profile: { type: "none" } };
    case "API_KEY":
      return { profile: { type: "api_key", fields: fieldsOf(entry, ["apiKey"]) } };
    case "BASIC":
    case "INSTALL_PLUGIN":
      return { profile: basicOf(entry, names) };
    case "AWS_SIGV4":
      return { profile: awsOf(entry) };
    case "OAUTH2":
    case "MCP_OAUTH2":
      return { profile: byCode(entry, names) };
    case "OAUTH2_CC":
      return { profile: clientCredentials(entry, names) };
    case "TWO_STEP":
      return {
        profile: { type: "api_key", fields: fieldsOf(entry) },
        steps: chainSteps(entry, names),
      };
    case "JWT":
      return { profile: jwtOf(entry, names) };
    case "APP_STORE":
      return { profile: storeOf(entry) };
    case "SIGNATURE":
      return {
        profile: {
          type: "wsse",
          fields: fieldsOf(entry),
          wsse: { header: "X-WSSE", nonce: "hex", digest: "hex" },
        },
      };
    case "OAUTH1":
      return { profile: threeLegged(entry) };
    case "TBA":
      return {
        profile: {
          type: "oauth1",
          oauth1: {
            signature_method: "HMAC-SHA256",
            realm: "{upper({replace({config.accountId}, '-', '_')})}",
          },
        },
      };
    case "BILL":
      return billOf(entry);
    case "APP":
    case "CUSTOM":
      return appOf(entry, names);
    default:
      throw new Unsayable(`the mode ${entry.auth_mode}`);
  }
}

/** A signature of AWS is called for in a header of the proxy. */
function basicOf(entry: Entry, names: EntryNames): AuthProfile {
  const fields = fieldsOf(entry, ["username", "password"]);
  const aws = /^\$\{awsSigV4\(.*?,.*?, (.*?), (\w+)[,)]/.exec(
    String(entry.proxy?.headers?.authorization ?? ""),
  );
  if (!aws) return { type: "basic", fields };
  return {
    type: "aws_sigv4",
    fields,
    aws_sigv4: {
      service: aws[2] ?? "",
      region: names.text(aws[1] ?? ""),
      access_key_id: "{username}",
      secret_access_key: "{password}",
    },
  };
}

function awsOf(entry: Entry): AuthProfile {
  const host = /^https:\/\/([a-z0-9-]+)\./.exec(entry.proxy?.base_url ?? "")?.[1];
  if (host === undefined) throw new Unsayable("which service of AWS its requests are signed for");
  return { type: "aws_sigv4", aws_sigv4: { service: host } };
}

function jwtOf(entry: Entry, names: EntryNames): AuthProfile {
  const { token, signature } = entry;
  if (!token?.signing_key) throw new Unsayable("a token without a key");
  const { alg, kid, ...headers } = token.header ?? {};
  const hex = signature?.protocol === "HMAC" && signature.hmac_secret_encoding !== "utf8";
  const split = token.signing_key.includes("privateKey.secret");
  const keys = split ? ["privateKey_id", "privateKey_secret"] : fieldKeys(entry);
  return {
    type: "jwt",
    fields: fieldsOf(entry, keys),
    jwt: {
      algorithm: algorithmOf(alg),
      key: names.text(token.signing_key),
      ...(hex ? { key_encoding: "hex" as const } : {}),
      ...(kid === undefined ? {} : { key_id: names.text(kid) }),
      ...given("headers", without(headers, { typ: "JWT" }, names)),
      claims: without(token.payload, {}, names),
      ttl_seconds: token.expires_in_ms / 1000,
    },
  };
}

/** A token that lives 20 minutes, signed with a key of Apple's (developer.apple.com, "Generating Tokens for API Requests"). */
function storeOf(entry: Entry): AuthProfile {
  const audience = String(entry.authorization_params?.audience ?? "appstoreconnect-v1");
  return {
    type: "jwt",
    fields: fieldsOf(entry, ["privateKeyId", "issuerId", "private_key"]),
    jwt: {
      algorithm: "ES256",
      key: "{private_key}",
      key_id: "{privateKeyId}",
      claims: { iss: "{issuerId}", aud: audience },
      ttl_seconds: 1200,
    },
  };
}

const algorithms = [
  ...(["HS256", "HS384", "HS512", "RS256", "RS384", "RS512"] as const),
  ...(["PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"] as const),
];

function algorithmOf(alg: unknown): (typeof algorithms)[number] {
  const found = algorithms.find((one) => one === alg);
  if (!found) throw new Unsayable(`the algorithm ${String(alg)}`);
  return found;
}

function threeLegged(entry: Entry): AuthProfile {
  const { request_url: request, authorization_url: page, token_url: token } = entry;
  if (request === undefined || page === undefined || typeof token !== "string")
    throw new Unsayable("OAuth 1 without its three URLs");
  return {
    type: "oauth1",
    oauth1: { request_token_url: request, authorize_url: page, access_token_url: token },
  };
}

/** A login with the user, the password, and two names that the API has for an account and a developer. */
function billOf(entry: Entry): Auth {
  const keys = ["username", "password", "organizationId", "devKey"];
  return {
    profile: {
      type: "api_key",
      fields: fieldsOf(entry, keys),
      auth_headers: { sessionId: `{${finalToken}}`, devKey: "{devKey}" },
    },
    steps: [
      {
        step_name: "login",
        endpoint: String(entry.token_url),
        body: Object.fromEntries(keys.map((key) => [key, `{${key}}`])),
        extract: { [finalToken]: "$.sessionId" },
        ttl_seconds: 2100,
      },
    ],
  };
}

/** An app that signs in as itself, for one of its installations. */
function appOf(entry: Entry, names: EntryNames): Auth {
  const { token_url: urls } = entry;
  const url = typeof urls === "string" ? urls : urls?.APP;
  if (url === undefined) throw new Unsayable("no token URL of an app");
  const claims = '{{"iat": {now(unix)}, "exp": {now(unix, +600)}, "iss": {json("{app_id}")}}}';
  return {
    profile: { type: "api_key", fields: fieldsOf(entry, ["app_id", "private_key"]) },
    steps: [
      {
        step_name: "installation",
        endpoint: names.text(url),
        headers: { Authorization: `Bearer {jwt(RS256, {private_key}, '${claims}')}` },
        extract: { [finalToken]: "$.token", life: "$.expires_at" },
        ttl_from: { kind: "expires_at", extract: "life", unit: "date" },
      },
    ],
  };
}

/** Keys of what the user gives to a profile. */
export function keysOf({ fields = [] }: { readonly fields?: readonly CredentialField[] }): string[] {
  return fields.map(({ key }) => key);
}
