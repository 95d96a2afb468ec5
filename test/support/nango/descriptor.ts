/** An entry of the catalogue as a descriptor with one operation; throws `Unsayable` where the language has no words for it. */
import type { Entry } from "./catalogue.ts";
import { type Fields, fieldKeys, fieldsOf } from "./fields.ts";
import { EntryNames } from "./names.ts";
import { clientCredentials, given, oauthOf, without } from "./oauth.ts";
import { type ChainStep, chainSteps } from "./steps.ts";
import { alternatives, firstOf, translate, Unsayable } from "./template.ts";

/** What an entry's profile is, beside the fields that are common to all. */
interface Auth {
  readonly profile: Fields;
  readonly chain?: { readonly steps: readonly ChainStep[]; readonly final: string };
  /** What names of the catalogue stand for. */
  readonly own?: Readonly<Record<string, string>>;
}

/** `host` of what an answer or a redirect brings: it has to be vouched for. */
export function descriptorOf(entry: Entry, allowedHosts: readonly string[] = []): Fields {
  const names = new EntryNames(entry, ownNames(entry));
  const { profile, chain } = authOf(entry, names);
  const proxy = entry.proxy ?? { base_url: "https://mcp.example.com" };
  const baseUrl = names.text(firstOf(proxy.base_url));
  const sent = placementOf(entry, names);
  const operation = {
    operation_id: "probe",
    endpoint: "/probe",
    summary: "A call that shows the credential",
    auth_type_ref: "p",
    headers: sent.plain,
    query: sent.query,
    ...(proxy.body === undefined ? {} : { method: "POST", body: bodyOf(proxy.body, names) }),
  };
  return {
    metadata: { name: "Entry", slug: "entry", description: "An entry of the catalogue.", publisher: "Tests" },
    base_url: baseUrl,
    ...(names.settings.length > 0 ? { connection_config: names.settings } : {}),
    authentication: [
      {
        profile_id: "p",
        ...profile,
        ...(Object.keys(sent.auth).length > 0 ? { auth_headers: sent.auth } : {}),
        ...(Object.keys(sent.authQuery).length > 0 ? { auth_query: sent.authQuery } : {}),
        ...(allowedHosts.length > 0 ? { allowed_hosts: allowedHosts } : {}),
        ...(chain ? { credential_chain_id: "c" } : {}),
      },
    ],
    ...(chain
      ? {
          credential_chains: [
            {
              chain_id: "c",
              description: "The calls of the entry.",
              initial_credentials_required: keysOf(profile),
              steps: chain.steps,
              final_credential_name: chain.final,
            },
          ],
        }
      : {}),
    operations: [operation],
  };
}

function keysOf({ fields }: Fields): string[] {
  return Array.isArray(fields) ? fields.map((field: { readonly key: string }) => field.key) : [];
}

function ownNames({ auth_mode: mode }: Entry): Readonly<Record<string, string>> {
  const token = mode === "TWO_STEP" || mode === "BILL" ? {} : { accessToken: "access_token" };
  return {
    apiKey: "apiKey",
    clientId: "client_id",
    clientSecret: "client_secret",
    "credentials.privateKey.secret": "privateKey_secret",
    "credentials.privateKey.id": "privateKey_id",
    ...token,
    ...(mode === "TWO_STEP" ? { accessToken: "final_token", "credentials.token": "final_token" } : {}),
  };
}

function authOf(entry: Entry, names: EntryNames): Auth {
  switch (entry.auth_mode) {
    case "NONE":
      return { profile: { type: "none" } };
    case "API_KEY":
      return { profile: { type: "api_key", fields: fieldsOf(entry, ["apiKey"]) } };
    case "BASIC":
    case "INSTALL_PLUGIN":
      return basicOf(entry, names);
    case "OAUTH2":
    case "MCP_OAUTH2":
      return { profile: { type: "oauth2_authorization_code", ...oauthOf(entry, names) } };
    case "OAUTH2_CC":
      return { profile: { type: "oauth2_client_credentials", ...clientCredentials(entry, names) } };
    case "TWO_STEP":
      return {
        profile: { type: "api_key", fields: fieldsOf(entry) },
        chain: { steps: chainSteps(entry, names), final: "final_token" },
      };
    case "JWT":
      return jwtOf(entry, names);
    case "SIGNATURE":
      return {
        profile: {
          type: "wsse",
          fields: fieldsOf(entry),
          wsse: { header: "X-WSSE", nonce: "hex", digest: "hex" },
        },
      };
    case "OAUTH1":
      return {
        profile: {
          type: "oauth1",
          oauth1: {
            request_token_url: entry.request_url,
            authorize_url: entry.authorization_url,
            access_token_url: entry.token_url,
          },
        },
      };
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
    case "CUSTOM":
      return appOf(entry, names);
    default:
      throw new Unsayable(`the mode ${entry.auth_mode}`);
  }
}

function basicOf(entry: Entry, names: EntryNames): Auth {
  const fields = fieldsOf(entry, ["username", "password"]);
  const aws = /^\$\{awsSigV4\(.*?,.*?, (.*?), (\w+)[,)]/.exec(
    String(entry.proxy?.headers?.["authorization"] ?? ""),
  );
  if (!aws) return { profile: { type: "basic", fields } };
  return {
    profile: {
      type: "aws_sigv4",
      fields,
      aws_sigv4: {
        service: aws[2],
        region: names.text(aws[1] ?? ""),
        access_key_id: "{username}",
        secret_access_key: "{password}",
      },
    },
  };
}

function jwtOf(entry: Entry, names: EntryNames): Auth {
  const { token, signature } = entry;
  if (!token?.signing_key) throw new Unsayable("a token without a key");
  const { alg, kid, ...headers } = token.header ?? {};
  const hex = signature?.protocol === "HMAC" && signature.hmac_secret_encoding !== "utf8";
  const split = token.signing_key.includes("privateKey.secret");
  return {
    profile: {
      type: "jwt",
      fields: fieldsOf(entry, split ? ["privateKey_id", "privateKey_secret"] : fieldKeys(entry)),
      jwt: {
        algorithm: alg,
        key: names.text(token.signing_key),
        ...(hex ? { key_encoding: "hex" } : {}),
        ...(kid === undefined ? {} : { key_id: names.text(kid) }),
        ...given("headers", without(headers, { typ: "JWT" }, names)),
        claims: without(token.payload, {}, names),
        ttl_seconds: token.expires_in_ms / 1000,
      },
    },
  };
}

/** A login with the user, the password, and two names that the API has for an account and a developer. */
function billOf(entry: Entry): Auth {
  const keys = ["username", "password", "organizationId", "devKey"];
  const body = Object.fromEntries(keys.map((key) => [key, `{${key}}`]));
  return {
    profile: {
      type: "api_key",
      fields: fieldsOf(entry, keys),
      auth_headers: { sessionId: "{final_token}", devKey: "{devKey}" },
    },
    chain: {
      steps: [
        {
          step_name: "login",
          endpoint: String(entry.token_url),
          body,
          extract: { final_token: "$.sessionId" },
          ttl_seconds: 2100,
        },
      ],
      final: "final_token",
    },
  };
}

/** An app that signs in as itself, for one of its installations. */
function appOf(entry: Entry, names: EntryNames): Auth {
  const url = typeof entry.token_url === "object" ? entry.token_url["APP"] : undefined;
  if (url === undefined) throw new Unsayable("no token URL of an app");
  const claims = '{{"iat": {now(unix)}, "exp": {now(unix, +600)}, "iss": {json("{app_id}")}}}';
  return {
    profile: { type: "api_key", fields: fieldsOf(entry, ["app_id", "private_key"]) },
    chain: {
      steps: [
        {
          step_name: "installation",
          endpoint: names.text(url),
          headers: { Authorization: `Bearer {jwt(RS256, {private_key}, '${claims}')}` },
          extract: { final_token: "$.token", life: "$.expires_at" },
          ttl_from: { kind: "expires_at", extract: "life", unit: "date" },
        },
      ],
      final: "final_token",
    },
  };
}

interface Sent {
  readonly auth: Fields;
  readonly plain: Fields;
  readonly authQuery: Fields;
  readonly query: Fields;
}

const secretName =
  /\$\{(?:apiKey|accessToken|clientId|clientSecret|credentials\.|base64\(|now|sha256Base64|ed25519Sign)/;

/** Headers and query entries: those that carry the credential, and the others. */
function placementOf(entry: Entry, names: EntryNames): Sent {
  const sent = { auth: {} as Fields, plain: {} as Fields, authQuery: {} as Fields, query: {} as Fields };
  for (const [name, value] of Object.entries(entry.proxy?.headers ?? {})) {
    if (isMade(entry, name)) continue;
    const target = secretName.test(String(value)) ? sent.auth : sent.plain;
    const text = name === "cookie" ? cookieOf() : withDefault(String(value), names);
    target[name] = text;
  }
  for (const [name, value] of Object.entries(entry.proxy?.query ?? {})) {
    const target = secretName.test(String(value)) ? sent.authQuery : sent.query;
    target[name] = withDefault(String(value), names);
  }
  // A placement of one's own stands in for the type's: a token that goes by itself has to be said, too.
  const says = Object.keys(sent.auth).some((name) => name.toLowerCase() === "authorization");
  const bearer = ["OAUTH2", "OAUTH2_CC", "TWO_STEP", "MCP_OAUTH2"].includes(entry.auth_mode);
  const places = Object.values(sent.auth).some((value) =>
    /access_token|final_token|B1SESSION/.test(String(value)),
  );
  if (bearer && !says && !places && Object.keys(sent.auth).length > 0)
    sent.auth["Authorization"] =
      entry.auth_mode === "TWO_STEP" ? "Bearer {final_token}" : "Bearer {access_token}";
  return sent;
}

/** Signatures are made by the profile's type. */
function isMade(entry: Entry, name: string): boolean {
  const signs = String(entry.proxy?.headers?.["authorization"] ?? "").startsWith("${awsSigV4(");
  return (
    (signs && (name === "authorization" || name === "x-amz-date")) ||
    (entry.auth_mode === "SIGNATURE" && name === "x-wsse")
  );
}

/** The session's cookies by name; the catalogue sends all that came. */
function cookieOf(): string {
  return "B1SESSION={B1SESSION}; ROUTEID={ROUTEID}";
}

function withDefault(value: string, names: EntryNames): string {
  const [first = "", fallback] = alternatives(value);
  const text = names.text(first);
  if (fallback === undefined) return text;
  // A setting that may be absent; its fallback is text.
  return `{default("${text}", "${translate(fallback, names.name)}")}`;
}

function bodyOf(body: unknown, names: EntryNames): unknown {
  if (typeof body === "string") return names.text(body);
  if (typeof body !== "object" || body === null) return body;
  return Object.fromEntries(Object.entries(body).map(([key, value]) => [key, bodyOf(value, names)]));
}
