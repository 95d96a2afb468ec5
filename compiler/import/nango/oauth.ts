/** The OAuth 2 profiles of entries. */
import type { OAuth, OAuth2Profile, TemplateMap } from "../../../schema/descriptor.ts";
import { pathOfDots } from "../json-path.ts";
import type { Entry, Scalars } from "./entry.ts";
import { fieldsOf } from "./fields.ts";
import { type EntryNames, flat } from "./names.ts";
import { firstOf, Unsayable } from "./template.ts";

/** What the protocol says by itself is left to it. */
export function without(params: Scalars | undefined, standard: Scalars, names: EntryNames): TemplateMap {
  const rest = Object.entries(params ?? {}).filter(([name, value]) => standard[name] !== value);
  return Object.fromEntries(
    rest.map(([name, value]) => [name, typeof value === "string" ? names.text(firstOf(value)) : value]),
  );
}

/** A map of the descriptor, unless it would be empty. */
export function given<K extends string, T extends object>(key: K, value: T): { [P in K]?: T } {
  return Object.keys(value).length > 0 ? ({ [key]: value } as { [P in K]: T }) : {};
}

function clientAuth(entry: Entry): OAuth {
  return entry.token_request_auth_method === "basic" || entry.authorization_method === "header"
    ? { client_auth: "basic_raw" }
    : {};
}

function urlOf(entry: Entry, names: EntryNames): string {
  if (typeof entry.token_url !== "string")
    throw new Unsayable(entry.token_url ? "it has several token URLs" : "it has no token URL");
  return names.first(entry.token_url, "/token_url");
}

function bodyFormat({ body_format: format }: Entry): OAuth {
  return format === "form" || format === "json" || format === "query" ? { body_format: format } : {};
}

function scopes({ default_scopes: scopes, scope_separator: separator }: Entry): OAuth {
  return {
    ...(scopes ? { default_scopes: [...scopes] } : {}),
    ...(separator === undefined ? {} : { scope_separator: separator }),
  };
}

/** The extracts of a token answer. */
function received({ token_response_metadata: paths = [] }: Entry): OAuth {
  return given("extract", Object.fromEntries(paths.map((path) => [flat(path), pathOfDots(path)])));
}

/** A login by code. */
export function byCode(entry: Entry, names: EntryNames): OAuth2Profile {
  const renamed = renames(entry);
  const replacements = entry.authorization_url_replacements ?? {};
  return {
    type: "oauth2_authorization_code",
    fields: fieldsOf(entry, ["client_id", "client_secret"]),
    oauth: {
      authorize_url: names.first(entry.authorization_url ?? "", "/authorization_url"),
      token_url: urlOf(entry, names),
      ...(entry.refresh_url === undefined ? {} : { refresh_url: names.text(entry.refresh_url) }),
      ...scopes(entry),
      ...bodyFormat(entry),
      ...(entry.disable_pkce ? { pkce: false } : {}),
      ...(entry.authorization_url_fragment === undefined
        ? {}
        : { authorize_fragment: entry.authorization_url_fragment }),
      ...clientAuth(entry),
      ...given("param_names", renamed),
      ...given("authorize_params", {
        ...without(entry.authorization_params, { response_type: "code" }, names),
        ...(replacements.response_type === "" ? { response_type: null } : {}),
      }),
      ...given("token_params", without(entry.token_params, { grant_type: "authorization_code" }, names)),
      ...given("refresh_params", refreshParams(entry, names)),
      ...given("callback", callbackOf(entry, renamed)),
      ...received(entry),
      ...alternativePlace(entry),
    },
  };
}

function refreshParams(entry: Entry, names: EntryNames): TemplateMap {
  const standard = { grant_type: "refresh_token", refresh_token: "${refresh_token}" };
  return without(entry.refresh_params ?? entry.refresh_token_params, standard, names);
}

function callbackOf(entry: Entry, renamed: Readonly<Record<string, string>>): NonNullable<OAuth["callback"]> {
  const { authorization_code_param_in_callback: code, redirect_uri_metadata: paths = [] } = entry;
  return {
    ...(renamed.state === undefined ? {} : { state: renamed.state }),
    ...(code === undefined ? {} : { code }),
    ...given("extract", Object.fromEntries(paths.map((path) => [flat(path), path]))),
  };
}

/** An answer with a user's token beside an app's. */
function alternativePlace({ alternate_access_token_response_path: place }: Entry): OAuth {
  if (place === undefined) return {};
  const either = (name: string): [string, string] => [`$.${name}`, pathOfDots(`${place}.${name}`)];
  return {
    response: {
      access_token: either("access_token"),
      refresh_token: either("refresh_token"),
      expires_in: either("expires_in"),
    },
  };
}

/** The page's own names for parameters. */
function renames(entry: Entry): Record<string, string> {
  const pairs = Object.entries(entry.authorization_url_replacements ?? {}).flatMap(([from, to]) => {
    const [name, own] = [from.replace(/=$/, ""), to.replace(/=$/, "")];
    return own === "" ? [] : [[name, own] as const];
  });
  return Object.fromEntries(pairs);
}

/** From machine to machine. */
export function clientCredentials(entry: Entry, names: EntryNames): OAuth2Profile {
  const custom = entry.token_request_auth_method === "custom";
  const token = without(entry.token_params, { grant_type: "client_credentials" }, names);
  const silent = entry.token_params?.grant_type === undefined;
  const certificate = entry.require_client_certificate
    ? fieldsOf(entry, ["client_certificate", "client_private_key"])
    : [];
  const lasting = entry.token_expires_in_ms ?? 0;
  const standard = { "content-type": "application/x-www-form-urlencoded" };
  return {
    type: "oauth2_client_credentials",
    fields: [...fieldsOf(entry, ["client_id", "client_secret"]), ...certificate],
    ...(certificate.length > 0
      ? { mtls: { certificate: "client_certificate", key: "client_private_key" } }
      : {}),
    oauth: {
      token_url: urlOf(entry, names),
      ...scopes(entry),
      ...bodyFormat(entry),
      ...clientAuth(entry),
      ...(custom ? { param_names: { client_id: "username", client_secret: "password" } } : {}),
      ...given("token_params", { ...token, ...(silent ? { grant_type: null } : {}) }),
      ...given("token_headers", without(entry.token_headers, standard, names)),
      ...received(entry),
      ...(lasting > 0 ? { ttl_seconds: lasting / 1000 } : {}),
      response: {
        access_token: ["$.access_token", "$.data.token", "$.jwt"],
        ...(entry.expires_in_unit === "milliseconds" ? { expires_in_unit: "milliseconds" as const } : {}),
      },
    },
  };
}
