/** Profiles that sign every request: what the signature is made of. */
import type { Extract, Login, OAuth1Method, Signer, Step, Template, UrlTemplate } from "../../schema/ir.ts";
import { anySuccess, rootPath } from "./answers.ts";
import type { Cursor } from "./cursor.ts";
import type { DeclaredProfile } from "./declared.ts";
import { fieldTemplate, grantHole, textEntry } from "./holes.ts";
import { given } from "./json.ts";
import type { Lowering } from "./lowering.ts";
import { distinctSymbols } from "./step.ts";
import { lowerTemplate, type Place } from "./templates.ts";
import { lowerUrl } from "./url.ts";

/** The signature of a profile's requests, and the calls that must come before. */
export interface LoweredSigner {
  readonly signer: Signer;
  /** Obtains the keys that the signer takes: an assumed role. */
  readonly step?: Step;
  readonly login?: Login;
}

/** `none`: the profile's type signs nothing. Undefined where a part is missing (reported by `authentication/missing-settings`). */
export function lowerSigner(
  lowering: Lowering,
  profile: DeclaredProfile,
  place: Place,
): LoweredSigner | "none" | undefined {
  const raw: Place = { ...place, context: "raw", section: profile.type };
  switch (profile.type) {
    case "oauth1":
      return lowerOAuth1(lowering, profile, raw);
    case "aws_sigv4":
      return lowerAws(lowering, profile, raw);
    case "digest":
    case "wsse": {
      const username = userTemplate(lowering, profile, "username", raw);
      const password = userTemplate(lowering, profile, "password", raw);
      if (!username || !password) return undefined;
      const settings = profile.at.at("wsse");
      return {
        signer:
          profile.type === "digest"
            ? { kind: "digest", username, password }
            : {
                kind: "wsse",
                header: settings.at("header").string() ?? "X-WSSE",
                username,
                password,
                nonce: encodingOf(settings.at("nonce")),
                digest: encodingOf(settings.at("digest")),
              },
      };
    }
    default:
      return "none";
  }
}

function encodingOf(at: Cursor): "base64" | "hex" {
  return at.string() === "hex" ? "hex" : "base64";
}

/** The field of that name, else the profile's first that is as secret. */
function userTemplate(
  lowering: Lowering,
  profile: DeclaredProfile,
  key: "username" | "password",
  place: Place,
): Template | undefined {
  const other = profile.fields.find(({ secret }) => secret === (key === "password"));
  const chosen = profile.fields.some((field) => field.key === key) ? key : other?.key;
  return chosen === undefined ? undefined : fieldTemplate(lowering, profile, chosen, place);
}

/** What the section says, else the field of that name. */
function part(lowering: Lowering, profile: DeclaredProfile, key: string, place: Place): Template | undefined {
  const at = profile.at.at(profile.type).at(key);
  return at.exists ? lowerTemplate(lowering, at, place) : fieldTemplate(lowering, profile, key, place);
}

const methods: readonly OAuth1Method[] = [
  "HMAC-SHA1",
  "HMAC-SHA256",
  "HMAC-SHA512",
  "RSA-SHA1",
  "RSA-SHA256",
  "PLAINTEXT",
];

function lowerOAuth1(lowering: Lowering, profile: DeclaredProfile, place: Place): LoweredSigner | undefined {
  const settings = profile.at.at("oauth1");
  const consumerKey = part(lowering, profile, "consumer_key", place);
  const consumerSecret = part(lowering, profile, "consumer_secret", place);
  if (!consumerKey || !consumerSecret) return undefined;
  const method = methods.find((one) => one === settings.at("signature_method").string()) ?? "HMAC-SHA1";
  const realm = settings.has("realm") ? lowerTemplate(lowering, settings.at("realm"), place) : undefined;
  const consumer = {
    kind: "oauth1",
    method,
    consumer_key: consumerKey,
    consumer_secret: consumerSecret,
    ...given("realm", realm),
  } as const;
  return {
    signer: {
      ...consumer,
      ...given("token", part(lowering, profile, "token", place)),
      ...given("token_secret", part(lowering, profile, "token_secret", place)),
      extra: [],
    },
    ...given(
      "login",
      settings.has("authorize_url") ? oauth1Login(lowering, settings, consumer, place) : undefined,
    ),
  };
}

type Consumer = Omit<Of<Signer, "oauth1">, "token" | "token_secret" | "extra">;
type Of<S, K> = S extends { readonly kind: K } ? S : never;

/** RFC 5849, section 2: temporary credentials, consent, token credentials. */
function oauth1Login(
  lowering: Lowering,
  settings: Cursor,
  consumer: Consumer,
  place: Place,
): Login | undefined {
  const asked = oauth1Step(lowering, settings.at("request_token_url"), "request_token", place, {
    ...consumer,
    extra: [{ name: "oauth_callback", value: { parts: [grantHole("redirect_uri", "raw")] } }],
  });
  const confirms = settings.at("confirms_callback").boolean() ?? true;
  const request = asked && confirms ? { ...asked, extract: [...asked.extract, callbackConfirmed] } : asked;
  const access = oauth1Step(lowering, settings.at("access_token_url"), "access_token", place, {
    ...consumer,
    token: { parts: [grantHole("request_token", "raw")] },
    token_secret: { parts: [grantHole("request_token_secret", "raw")] },
    extra: [{ name: "oauth_verifier", value: { parts: [grantHole("verifier", "raw")] } }],
  });
  const authorize = lowerUrl(lowering, settings.at("authorize_url"), {
    ...place,
    section: "oauth1.authorize_url",
  });
  if (!request || !access || !authorize) return undefined;
  return {
    kind: "oauth1",
    request,
    authorize: authorize.url,
    query: [
      ...authorize.query,
      { kind: "template", name: "oauth_token", value: { parts: [grantHole("request_token", "query")] } },
    ],
    access,
  };
}

/** RFC 5849, section 2.1: whether the server knows of verifiers. */
const callbackConfirmed: Extract = {
  kind: "json",
  name: "oauth_callback_confirmed",
  path: { kind: "plain", text: "$.oauth_callback_confirmed", steps: ["oauth_callback_confirmed"] },
  optional: true,
};

function oauth1Step(
  lowering: Lowering,
  at: Cursor,
  name: string,
  place: Place,
  signer: Signer,
): Step | undefined {
  const before = lowering.references.length;
  const url = lowerUrl(lowering, at, { ...place, section: "oauth1" });
  if (!url) return undefined;
  const field = (extract: string, wire: string): Extract => ({
    kind: "json",
    name: extract,
    path: { kind: "plain", text: `$.${wire}`, steps: [wire] },
  });
  return {
    name,
    exchange: {
      kind: "http",
      id: `step:${name}`,
      method: "POST",
      url: url.url,
      query: url.query,
      headers: [],
      cookies: [],
      response: { type: "form", success_status: anySuccess, records: rootPath },
    },
    extract: [field("token", "oauth_token"), field("token_secret", "oauth_token_secret")],
    life: { kind: "until_refused" },
    inputs: distinctSymbols(lowering.references.slice(before)),
    signer,
  };
}

function lowerAws(lowering: Lowering, profile: DeclaredProfile, place: Place): LoweredSigner | undefined {
  const settings = profile.at.at("aws_sigv4");
  const service = settings.has("service")
    ? lowerTemplate(lowering, settings.at("service"), place)
    : undefined;
  const id = part(lowering, profile, "access_key_id", place);
  const secret = part(lowering, profile, "secret_access_key", place);
  if (!service || !id || !secret) return undefined;
  const region = settings.has("region")
    ? lowerTemplate(lowering, settings.at("region"), place)
    : { parts: ["us-east-1"] };
  if (!region) return undefined;
  const signer: Signer = {
    kind: "aws_sigv4",
    service,
    region,
    access_key_id: id,
    secret_access_key: secret,
    ...given("session_token", part(lowering, profile, "session_token", place)),
  };
  const role = settings.at("assume_role");
  if (!role.exists) return { signer };
  const step = assumeRole(lowering, settings, role, signer, place);
  const value = (name: string): Template => ({
    parts: [
      {
        kind: "ref",
        symbol: { kind: "extract", step: roleStep, name },
        context: "raw",
        optional: false,
        secret: true,
        type: "string",
      },
    ],
  });
  return (
    step && {
      signer: {
        ...signer,
        access_key_id: value("access_key_id"),
        secret_access_key: value("secret_access_key"),
        session_token: value("session_token"),
      },
      step,
    }
  );
}

const roleStep = "assume_role";

/** AWS STS, AssumeRole: a form signed with the keys themselves, answered in XML. */
function assumeRole(
  lowering: Lowering,
  settings: Cursor,
  role: Cursor,
  signer: Of<Signer, "aws_sigv4">,
  place: Place,
): Step | undefined {
  const before = lowering.references.length;
  const form: Place = { ...place, context: "form", section: "aws_sigv4.assume_role" };
  const url = role.has("sts_url")
    ? lowerUrl(lowering, role.at("sts_url"), { ...place, section: "aws_sigv4.sts_url" })?.url
    : stsUrl(lowering, settings, place);
  const arn = lowerTemplate(lowering, role.at("role_arn"), form);
  const external = role.has("external_id")
    ? lowerTemplate(lowering, role.at("external_id"), form)
    : undefined;
  const session = role.has("session_name")
    ? lowerTemplate(lowering, role.at("session_name"), form)
    : { parts: ["connectorc"] };
  if (!url || !arn || !session) return undefined;
  const seconds = role.at("duration_seconds").number() ?? 3600;
  const fields: readonly (readonly [string, Template | undefined])[] = [
    ["Action", { parts: ["AssumeRole"] }],
    ["Version", { parts: ["2011-06-15"] }],
    ["RoleArn", arn],
    ["RoleSessionName", session],
    ["DurationSeconds", { parts: [String(seconds)] }],
    ["ExternalId", external],
  ];
  return {
    name: roleStep,
    exchange: {
      kind: "http",
      id: `step:${roleStep}`,
      method: "POST",
      url,
      query: [],
      headers: [textEntry("Accept", "text/xml", "header")],
      cookies: [],
      body: {
        content_type: "form",
        media_type: "application/x-www-form-urlencoded",
        root: {
          kind: "object",
          entries: fields.flatMap(([key, template]) =>
            template ? [{ key, value: { kind: "template" as const, template } }] : [],
          ),
        },
      },
      response: {
        type: "xml",
        success_status: anySuccess,
        records: rootPath,
        error_message: stsPath("ErrorResponse", "Error", "Message"),
        error_code: stsPath("ErrorResponse", "Error", "Code"),
      },
    },
    extract: [
      credential("access_key_id", "AccessKeyId"),
      credential("secret_access_key", "SecretAccessKey"),
      credential("session_token", "SessionToken"),
      { ...credential("expiration", "Expiration"), optional: true },
    ],
    life: { kind: "expires_at", name: "expiration", unit: "date" },
    inputs: distinctSymbols(lowering.references.slice(before)),
    signer: { ...signer, service: { parts: ["sts"] } },
  };
}

function stsPath(...steps: string[]): { kind: "plain"; text: string; steps: string[] } {
  return { kind: "plain", text: `$.${steps.join(".")}`, steps };
}

function credential(name: string, element: string): Extract & { readonly kind: "json" } {
  return {
    kind: "json",
    name,
    path: stsPath("AssumeRoleResponse", "AssumeRoleResult", "Credentials", element),
  };
}

/** The regional endpoint; a region that the user gives is one label of the host. */
function stsUrl(lowering: Lowering, settings: Cursor, place: Place): UrlTemplate | undefined {
  const literal = settings.at("region").string() ?? "us-east-1";
  const path: Template = { parts: ["/"] };
  if (!literal.includes("{"))
    return { origin: { kind: "literal", origin: `https://sts.${literal}.amazonaws.com` }, path };
  const region = lowerTemplate(lowering, settings.at("region"), { ...place, context: "host" });
  return (
    region && {
      origin: {
        kind: "host",
        scheme: "https",
        authority: { parts: ["sts.", ...region.parts, ".amazonaws.com"] },
      },
      path,
    }
  );
}
