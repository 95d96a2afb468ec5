import type {
  CredentialSource,
  Entry,
  Extract,
  JwtRecipe,
  Login,
  Step,
  Template,
  UrlTemplate,
} from "../../schema/ir.ts";
import type { JsonPath } from "../../schema/language/jsonpath.ts";
import { anySuccess, rootPath } from "./answers.ts";
import type { Cursor } from "./cursor.ts";
import type { DeclaredField, DeclaredProfile } from "./declare.ts";
import { lowerEntries } from "./entries.ts";
import { fieldHole, grantHole, holeEntry, templateEntry, textEntry } from "./holes.ts";
import { given } from "./json.ts";
import { claim } from "./jwt.ts";
import type { Lowering, Owner } from "./lowering.ts";
import { clientValue, lowerClient } from "./oauth-client.ts";
import type { Scope } from "./scope.ts";
import { distinctSymbols } from "./step.ts";
import { lowerTemplate, type Place } from "./templates.ts";
import { type LoweredUrl, lowerUrl } from "./url.ts";

/** A profile's OAuth 2 settings, lowered. */
export interface LoweredOAuth {
  readonly source: CredentialSource;
  readonly login?: Login;
}

const token = { step: "token", name: "access_token" };

/** An OAuth 2 profile's token calls: each is one step like those of a chain. */
export function lowerOAuth(
  lowering: Lowering,
  profile: DeclaredProfile,
  scope: Scope,
  owner: Owner,
): LoweredOAuth | undefined {
  const at = profile.at.at("oauth");
  // Each of a profile's calls reads the same section: what is wrong in it is said once.
  const extra = lowerExtra(lowering, at);
  const context = at.at("client_auth").string() === "query" ? "query" : "form";
  const call: TokenCall = {
    lowering,
    profile,
    at,
    extra,
    place: { scope, owner, context, section: "oauth" },
  };
  const common = {
    kind: "oauth2",
    token,
    keep_refresh_token: at.at("keep_refresh_token").boolean() ?? true,
  } as const;
  if (profile.type === "service_account") {
    const step = serviceAccountStep(call);
    return step && { source: { ...common, grant: "jwt_bearer", steps: [step] } };
  }
  if (profile.type === "oauth2_client_credentials") {
    const step = clientCredentialsStep(call);
    // Such a grant has no refresh token (RFC 6749, section 4.4.3): another token is asked for.
    return step && { source: { ...common, grant: "client_credentials", steps: [step] } };
  }
  const exchange = codeStep(call);
  const refresh = refreshStep(call);
  const login = exchange && lowerLogin(call, exchange);
  return (
    refresh && login && { source: { ...common, grant: "authorization_code", steps: [], refresh }, login }
  );
}

interface TokenCall {
  readonly lowering: Lowering;
  readonly profile: DeclaredProfile;
  /** The `oauth` section. */
  readonly at: Cursor;
  readonly place: Place;
  /** `oauth.extract`. */
  readonly extra: readonly Extract[];
}

/** RFC 6749, section 4.4.2. */
function clientCredentialsStep(call: TokenCall): Step | undefined {
  return tokenStep(call, "token", "token_url", ({ place }) => [
    textEntry("grant_type", "client_credentials", place.context),
    ...scopeEntry(call),
    ...audienceEntry(call),
    ...ownEntries(call, "token_params"),
  ]);
}

/** RFC 6749, section 4.1.3; RFC 7636, section 4.5. */
function codeStep(call: TokenCall): Step | undefined {
  return tokenStep(call, "token", "token_url", ({ place: { context } }) => [
    textEntry("grant_type", "authorization_code", context),
    holeEntry("code", grantHole("code", context)),
    holeEntry("redirect_uri", grantHole("redirect_uri", context)),
    ...(usesPkce(call.at) ? [holeEntry("code_verifier", grantHole("code_verifier", context))] : []),
    ...audienceEntry(call),
    ...ownEntries(call, "token_params"),
  ]);
}

/** RFC 6749, section 6. */
function refreshStep(call: TokenCall): Step | undefined {
  return tokenStep(call, "refresh", call.at.has("refresh_url") ? "refresh_url" : "token_url", ({ place }) => [
    textEntry("grant_type", "refresh_token", place.context),
    holeEntry("refresh_token", grantHole("refresh_token", place.context)),
    ...ownEntries(call, "refresh_params"),
  ]);
}

function usesPkce(at: Cursor): boolean {
  return at.at("pkce").boolean() ?? true;
}

function scopesOf(at: Cursor): string {
  return at
    .at("default_scopes")
    .items()
    .flatMap((item) => item.string() ?? [])
    .join(at.at("scope_separator").string() ?? " ");
}

function scopeEntry({ at, place }: TokenCall): Entry[] {
  const scopes = scopesOf(at);
  return scopes === "" ? [] : [textEntry("scope", scopes, place.context)];
}

function audienceEntry({ lowering, at, place }: TokenCall): Entry[] {
  const audience = at.has("audience") ? lowerTemplate(lowering, at.at("audience"), place) : undefined;
  return audience ? [templateEntry("audience", audience)] : [];
}

function ownEntries(
  { lowering, at, place }: TokenCall,
  key: "token_params" | "refresh_params" | "authorize_params",
): Entry[] {
  return lowerEntries(lowering, at.at(key), { ...place, section: `oauth.${key}` });
}

/** One token call, with the client's proof. */
function tokenStep(
  call: TokenCall,
  name: string,
  urlKey: "token_url" | "refresh_url",
  entriesOf: (call: TokenCall) => readonly Entry[],
): Step | undefined {
  const { lowering, profile, at, place } = call;
  const before = lowering.references.length;
  const url = lowerUrl(lowering, at.at(urlKey), { ...place, section: `oauth.${urlKey}` });
  const own = entriesOf(call);
  const client = lowerClient(lowering, profile, place, audienceOf(url));
  if (!url || !client) return undefined;
  return {
    ...stepOf(call, name, url, [...own, ...client.entries], client.authorization),
    inputs: distinctSymbols(lowering.references.slice(before)),
    ...given("assertion", client.assertion),
  };
}

/** Neighbouring texts as one. */
function joined(parts: Template["parts"]): Template["parts"] {
  const all: Template["parts"][number][] = [];
  for (const part of parts) {
    const last = all.at(-1);
    if (typeof last === "string" && typeof part === "string") all[all.length - 1] = last + part;
    else all.push(part);
  }
  return all;
}

/** The URL as text, for the `aud` of an assertion. */
function audienceOf(lowered: LoweredUrl | undefined): Template | undefined {
  if (!lowered) return undefined;
  const { origin, path } = lowered.url;
  switch (origin.kind) {
    case "literal":
      return { parts: joined([origin.origin, ...path.parts]) };
    case "host":
      return { parts: [`${origin.scheme}://`, ...origin.authority.parts, ...path.parts] };
    case "base":
      return { parts: [...origin.base.parts, ...path.parts] };
  }
}

function stepOf(
  { lowering, at, place, extra }: TokenCall,
  name: string,
  url: LoweredUrl,
  entries: readonly Entry[],
  authorization: Entry | undefined,
): Omit<Step, "inputs"> {
  const inQuery = place.context === "query";
  const response = at.at("response");
  return {
    name,
    exchange: {
      kind: "http",
      id: `step:${name}`,
      method: "POST",
      url: url.url,
      query: [...url.query, ...(inQuery ? entries : [])],
      headers: [
        { kind: "template", name: "Accept", value: { parts: ["application/json"] } },
        ...(authorization ? [authorization] : []),
      ],
      cookies: [],
      ...(inQuery
        ? {}
        : {
            body: {
              content_type: "form",
              media_type: "application/x-www-form-urlencoded",
              root: { kind: "object", entries: entries.flatMap(formNode) },
            },
          }),
      response: {
        type: "json",
        success_status: anySuccess,
        records: rootPath,
        error_message: lowering.path(response.at("error_description")) ?? plain("error_description"),
        error_code: lowering.path(response.at("error")) ?? plain("error"),
      },
    },
    extract: [
      {
        kind: "json",
        name: "access_token",
        path: lowering.path(response.at("access_token")) ?? plain("access_token"),
      },
      optionalExtract(lowering, response, "refresh_token"),
      optionalExtract(lowering, response, "expires_in"),
      ...(response.has("expires_at") ? [optionalExtract(lowering, response, "expires_at")] : []),
      ...extra,
    ],
    life:
      response.has("expires_at") && !response.has("expires_in")
        ? { kind: "expires_at", name: "expires_at", unit: "seconds" }
        : { kind: "expires_in", name: "expires_in", unit: "seconds" },
  };
}

function optionalExtract(lowering: Lowering, response: Cursor, name: string): Extract {
  return {
    kind: "json",
    name,
    path: lowering.path(response.at(name)) ?? plain(name),
    optional: true,
  };
}

/** `oauth.extract`: further values of the token response. */
function lowerExtra(lowering: Lowering, at: Cursor): Extract[] {
  return at
    .at("extract")
    .entries()
    .flatMap(([name, value]): Extract[] => {
      const path = lowering.path(value);
      if (path) return [{ kind: "json", name, path, optional: true }];
      const header = value.at("header").string();
      return header === undefined ? [] : [{ kind: "header", name, header }];
    });
}

/** RFC 6749, section 4.1.1, with PKCE (RFC 7636, section 4.3). */
function lowerLogin(call: TokenCall, exchange: Step): Login | undefined {
  const { lowering, profile, at } = call;
  const place: Place = { ...call.place, context: "query" };
  const url = lowerUrl(lowering, at.at("authorize_url"), { ...place, section: "oauth.authorize_url" });
  const id = clientValue(lowering, profile, "client_id", place);
  if (!url || !id) return undefined;
  const inQuery: TokenCall = { ...call, place };
  const pkce = usesPkce(at);
  return {
    kind: "authorization_code",
    authorize: url.url,
    query: [
      ...url.query,
      textEntry("response_type", "code", "query"),
      templateEntry("client_id", id),
      holeEntry("redirect_uri", grantHole("redirect_uri", "query")),
      ...scopeEntry(inQuery),
      holeEntry("state", grantHole("state", "query")),
      ...(pkce
        ? [
            holeEntry("code_challenge", grantHole("code_challenge", "query")),
            textEntry("code_challenge_method", "S256", "query"),
          ]
        : []),
      ...audienceEntry(inQuery),
      ...ownEntries(inQuery, "authorize_params"),
    ],
    pkce,
    ...given("issuer", at.at("issuer").string()),
    exchange,
  };
}

/** A signed assertion in place of a login (RFC 7523, section 2.1), in the form of Google's service accounts. */
function serviceAccountStep(call: TokenCall): Step | undefined {
  const { lowering, profile, at, place } = call;
  const field = profile.fields.find(({ type }) => type === "json") ?? profile.fields[0];
  if (!field) return undefined;
  const before = lowering.references.length;
  const url = at.has("token_url")
    ? lowerUrl(lowering, at.at("token_url"), { ...place, section: "oauth.token_url" })
    : ownTokenUrl(call, field);
  if (!url) return undefined;
  const entries = [
    textEntry("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer", place.context),
    holeEntry("assertion", grantHole("assertion", place.context)),
    ...ownEntries(call, "token_params"),
  ];
  const assertion = serviceAccountRecipe(call, field, audienceOf(url));
  return {
    ...stepOf(call, "token", url, entries, undefined),
    inputs: distinctSymbols(lowering.references.slice(before)),
    assertion,
  };
}

/** `token_uri` of the key file. */
function ownTokenUrl({ lowering, place }: TokenCall, field: DeclaredField): LoweredUrl {
  const hole = fieldHole(
    lowering,
    field,
    { ...place, context: "base_url", section: "oauth.token_url" },
    "token_uri",
  );
  const url: UrlTemplate = { origin: { kind: "base", base: { parts: [hole] } }, path: { parts: [] } };
  return { url, query: [] };
}

function serviceAccountRecipe(
  { lowering, at, place }: TokenCall,
  field: DeclaredField,
  audience: Template | undefined,
): JwtRecipe {
  const member = (name: string): Template => ({
    parts: [{ ...fieldHole(lowering, field, { ...place, context: "raw" }, name), optional: false }],
  });
  const subject = at.has("subject")
    ? lowerTemplate(lowering, at.at("subject"), { ...place, context: "raw" })
    : undefined;
  const scopes = scopesOf(at);
  const literal = (text: string): Template => ({ parts: [text] });
  const claims: readonly (readonly [string, Template | undefined])[] = [
    ["iss", member("client_email")],
    ["sub", subject],
    ["scope", scopes === "" ? undefined : literal(scopes)],
    ["aud", audience],
  ];
  return {
    algorithm: "RS256",
    key: member("private_key"),
    key_id: {
      parts: [
        { ...fieldHole(lowering, field, { ...place, context: "raw" }, "private_key_id"), optional: true },
      ],
    },
    headers: [],
    claims: {
      kind: "object",
      entries: claims.flatMap(([key, value]) => (value ? [{ key, value: claim(value) }] : [])),
    },
    ttl_seconds: 3600,
  };
}

function formNode(entry: Entry): { key: string; value: { kind: "template"; template: Template } }[] {
  return entry.kind === "template"
    ? [{ key: entry.name, value: { kind: "template", template: entry.value } }]
    : [];
}

function plain(name: string): JsonPath {
  return { kind: "plain", text: `$.${name}`, steps: [name] };
}

export function oauthNames(profile: DeclaredProfile): string[] {
  return profile.at
    .at("oauth")
    .at("extract")
    .entries()
    .map(([name]) => name);
}
