import type {
  CredentialSource,
  Entry,
  Extract,
  Hole,
  JsonObject,
  OAuth2Source,
  Step,
  Template,
} from "../../schema/ir.ts";
import type { JsonPath } from "../../schema/language/jsonpath.ts";
import { anySuccess, rootPath } from "./answers.ts";
import type { Cursor } from "./cursor.ts";
import type { DeclaredProfile } from "./declare.ts";
import { lowerEntries } from "./entries.ts";
import { toJsonObject } from "./json.ts";
import type { Lowering, Owner } from "./lowering.ts";
import type { Scope } from "./scope.ts";
import { distinctSymbols } from "./step.ts";
import { lowerTemplate, type Place } from "./templates.ts";
import { lowerUrl } from "./url.ts";

/** An OAuth profile's source. The client credentials grant (RFC 6749, section 4.4) is one step like those of a chain. */
export function lowerOAuth(
  lowering: Lowering,
  profile: DeclaredProfile,
  scope: Scope,
  owner: Owner,
): CredentialSource | undefined {
  const at = profile.at.at("oauth");
  const settings: JsonObject = toJsonObject(at.value()) ?? {};
  const token = { step: "token", name: "access_token" };
  // A signed assertion is made anew for each token call: the runtime builds that call itself.
  const asserts = at.at("client_auth").string() === "private_key_jwt";
  if (profile.type === "oauth2_client_credentials" && !asserts) {
    const step = lowerTokenStep(lowering, at, scope, owner);
    return step && { kind: "oauth2", grant: "client_credentials", steps: [step], token, settings };
  }
  // The other grants need more than one exchange; their templates are proved here all the same.
  for (const key of ["authorize_url", "token_url", "refresh_url"])
    if (at.has(key)) lowerUrl(lowering, at.at(key), { scope, owner, section: `oauth.${key}` });
  for (const [, path] of at.at("response").entries()) lowering.path(path);
  lowerTexts(lowering, at, { scope, owner, context: "form", section: "oauth" });
  lowerExtra(lowering, at);
  return {
    kind: "oauth2",
    grant: grants[profile.type] ?? "authorization_code",
    steps: [],
    token,
    settings,
  };
}

const grants: { readonly [type: string]: OAuth2Source["grant"] } = {
  oauth2_client_credentials: "client_credentials",
  oauth2_authorization_code: "authorization_code",
  service_account: "jwt_bearer",
};

function lowerTexts(lowering: Lowering, at: Cursor, place: Place): void {
  for (const key of ["client_id", "client_secret", "audience", "subject"])
    if (at.has(key)) lowerTemplate(lowering, at.at(key), place);
  for (const key of ["token_params", "authorize_params"]) lowerEntries(lowering, at.at(key), place);
}

function lowerTokenStep(lowering: Lowering, at: Cursor, scope: Scope, owner: Owner): Step | undefined {
  const before = lowering.references.length;
  const url = lowerUrl(lowering, at.at("token_url"), { scope, owner, section: "oauth.token_url" });
  const parameters = tokenParameters(lowering, at, scope, owner);
  const extract = lowerExtra(lowering, at);
  if (!url || !parameters) return undefined;
  const { entries, authorization } = parameters;
  const inQuery = at.at("client_auth").string() === "query";
  const response = at.at("response");
  return {
    name: "token",
    exchange: {
      kind: "http",
      id: "step:token",
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
      ...lifeExtracts(lowering, response),
      ...extract,
    ],
    life:
      response.has("expires_at") && !response.has("expires_in")
        ? { kind: "expires_at", name: "expires_at", unit: "seconds" }
        : { kind: "expires_in", name: "expires_in", unit: "seconds" },
    inputs: distinctSymbols(lowering.references.slice(before)),
  };
}

function lifeExtracts(lowering: Lowering, response: Cursor): Extract[] {
  const at = lowering.path(response.at("expires_at"));
  return [
    {
      kind: "json",
      name: "expires_in",
      path: lowering.path(response.at("expires_in")) ?? plain("expires_in"),
      optional: true,
    },
    ...(at ? [{ kind: "json" as const, name: "expires_at", path: at, optional: true }] : []),
  ];
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

interface TokenParameters {
  readonly entries: readonly Entry[];
  readonly authorization?: Entry;
}

/** RFC 6749, sections 2.3.1 and 4.4.2. */
function tokenParameters(
  lowering: Lowering,
  at: Cursor,
  scope: Scope,
  owner: Owner,
): TokenParameters | undefined {
  const place: Place = {
    scope,
    owner,
    context: at.at("client_auth").string() === "query" ? "query" : "form",
    section: "oauth",
  };
  const id = clientValue(lowering, at, "client_id", place);
  const secret = clientValue(lowering, at, "client_secret", place);
  if (!id || !secret) return undefined;
  const separator = at.at("scope_separator").string() ?? " ";
  const scopes = at
    .at("default_scopes")
    .items()
    .flatMap((item) => item.string() ?? [])
    .join(separator);
  const audience = at.has("audience") ? lowerTemplate(lowering, at.at("audience"), place) : undefined;
  const auth = at.at("client_auth").string() ?? "body";
  const literal = (text: string): Template => ({
    parts: [place.context === "query" ? encodeURIComponent(text) : text],
  });
  const entries: Entry[] = [
    { kind: "template", name: "grant_type", value: literal("client_credentials") },
    ...(scopes ? [{ kind: "template" as const, name: "scope", value: literal(scopes) }] : []),
    ...(audience ? [{ kind: "template" as const, name: "audience", value: audience }] : []),
    ...lowerEntries(lowering, at.at("token_params"), { ...place, section: "oauth.token_params" }),
  ];
  if (auth === "basic")
    return {
      entries,
      authorization: { kind: "template", name: "Authorization", value: basicClient(id, secret) },
    };
  return {
    entries: [
      ...entries,
      { kind: "template", name: "client_id", value: id },
      { kind: "template", name: "client_secret", value: secret },
    ],
  };
}

/** `oauth.client_id`, else the field of that name; a profile without one is reported by `oauth/client`. */
function clientValue(
  lowering: Lowering,
  at: Cursor,
  key: "client_id" | "client_secret",
  place: Place,
): Template | undefined {
  if (at.has(key)) return lowerTemplate(lowering, at.at(key), place);
  const field = place.scope.profiles[0]?.fields.find((f) => f.key === key);
  if (!field) return undefined;
  const symbol = { kind: "credential" as const, key };
  lowering.references.push({
    symbol,
    context: place.context,
    secret: field.secret,
    owner: place.owner,
    path: field.at.path,
    span: field.at.node?.span ?? { start: 0, end: 0 },
    section: "oauth",
  });
  return {
    parts: [
      { kind: "ref", symbol, context: place.context, optional: false, secret: field.secret, type: "string" },
    ],
  };
}

/** Client authentication by HTTP Basic: both parts are form-encoded first (RFC 6749, section 2.3.1). */
function basicClient(id: Template, secret: Template): Template {
  const raw = (template: Template): Template => ({
    parts: template.parts.map((part): string | Hole =>
      typeof part === "string" ? part : { ...part, context: "raw" },
    ),
  });
  const encoded = (value: Template): Hole => ({
    kind: "call",
    function: "url",
    args: [raw(value)],
    context: "raw",
    optional: false,
    secret: true,
  });
  return {
    parts: [
      "Basic ",
      {
        kind: "call",
        function: "base64",
        args: [{ parts: [encoded(id), ":", encoded(secret)] }],
        context: "header",
        optional: false,
        secret: true,
      },
    ],
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
