/** The OAuth 2 profiles of entries. */
import type { Entry, Scalars } from "./catalogue.ts";
import { type Fields, fieldsOf } from "./fields.ts";
import { type EntryNames, flat } from "./names.ts";
import { firstOf, Unsayable } from "./template.ts";

/** What the protocol says by itself is left to it. */
export function without(params: Scalars | undefined, standard: Scalars, names: EntryNames): Fields {
  const rest = Object.entries(params ?? {}).filter(([name, value]) => standard[name] !== value);
  return Object.fromEntries(
    rest.map(([name, value]) => [name, typeof value === "string" ? names.text(firstOf(value)) : value]),
  );
}

/** A key of the descriptor, unless it would be empty. */
export function given(key: string, value: Fields): Fields {
  return Object.keys(value).length > 0 ? { [key]: value } : {};
}

function clientAuth(entry: Entry): Fields {
  return entry.token_request_auth_method === "basic" || entry.authorization_method === "header"
    ? { client_auth: "basic_raw" }
    : {};
}

function urlOf(entry: Entry, names: EntryNames): string {
  if (typeof entry.token_url !== "string") throw new Unsayable("several token URLs");
  return names.text(firstOf(entry.token_url));
}

/** The extracts of a token answer; a redirect's are `callback.extract`. */
function metadata(paths: readonly string[] = [], toValue: (path: string) => string): Fields {
  return Object.fromEntries(paths.map((path) => [flat(path), toValue(path)]));
}

/** A login by code. */
export function oauthOf(entry: Entry, names: EntryNames): Fields {
  const renamed = renames(entry);
  const callback = {
    ...(renamed["state"] === undefined ? {} : { state: renamed["state"] }),
    ...(entry.authorization_code_param_in_callback === undefined
      ? {}
      : { code: entry.authorization_code_param_in_callback }),
    ...given(
      "extract",
      metadata(entry.redirect_uri_metadata, (path) => path),
    ),
  };
  const refreshParams = without(
    entry.refresh_params ?? entry.refresh_token_params,
    { grant_type: "refresh_token", refresh_token: "${refresh_token}" },
    names,
  );
  const alternative = entry.alternate_access_token_response_path;
  const either = (name: string): string[] => [`$.${name}`, `$.${alternative}.${name}`];
  return {
    fields: [
      { key: "client_id", label: "Client id" },
      { key: "client_secret", label: "Client secret", field_type: "secret" },
    ],
    oauth: {
      authorize_url: names.text(firstOf(entry.authorization_url ?? "")),
      token_url: urlOf(entry, names),
      ...(entry.refresh_url === undefined ? {} : { refresh_url: names.text(entry.refresh_url) }),
      ...(entry.default_scopes ? { default_scopes: entry.default_scopes } : {}),
      ...(entry.scope_separator === undefined ? {} : { scope_separator: entry.scope_separator }),
      ...(entry.body_format === undefined ? {} : { body_format: entry.body_format }),
      ...(entry.disable_pkce ? { pkce: false } : {}),
      ...(entry.authorization_url_fragment === undefined
        ? {}
        : { authorize_fragment: entry.authorization_url_fragment }),
      ...clientAuth(entry),
      ...given("param_names", renamed),
      ...given("authorize_params", {
        ...without(entry.authorization_params, { response_type: "code" }, names),
        ...(entry.authorization_url_replacements?.["response_type"] === "" ? { response_type: null } : {}),
      }),
      ...given("token_params", without(entry.token_params, { grant_type: "authorization_code" }, names)),
      ...given("refresh_params", refreshParams),
      ...given("callback", callback),
      ...given(
        "extract",
        metadata(entry.token_response_metadata, (path) => `$.${path}`),
      ),
      ...(alternative === undefined
        ? {}
        : {
            response: {
              access_token: either("access_token"),
              refresh_token: either("refresh_token"),
              expires_in: either("expires_in"),
            },
          }),
    },
  };
}

/** The page's own names for parameters. */
function renames(entry: Entry): Fields {
  const pairs = Object.entries(entry.authorization_url_replacements ?? {}).flatMap(([from, to]) => {
    const [name, own] = [from.replace(/=$/, ""), to.replace(/=$/, "")];
    return own === "" ? [] : [[name, own]];
  });
  return Object.fromEntries(pairs);
}

/** From machine to machine. */
export function clientCredentials(entry: Entry, names: EntryNames): Fields {
  const custom = entry.token_request_auth_method === "custom";
  const token = without(entry.token_params, { grant_type: "client_credentials" }, names);
  const silent = entry.token_params?.["grant_type"] === undefined;
  const certificate = entry.require_client_certificate
    ? fieldsOf(entry, ["client_certificate", "client_private_key"])
    : [];
  const lasting = entry.token_expires_in_ms ?? 0;
  return {
    fields: [...fieldsOf(entry, ["client_id", "client_secret"]), ...certificate],
    ...(certificate.length > 0
      ? { mtls: { certificate: "client_certificate", key: "client_private_key" } }
      : {}),
    oauth: {
      token_url: urlOf(entry, names),
      ...(entry.body_format === undefined ? {} : { body_format: entry.body_format }),
      ...clientAuth(entry),
      ...(entry.default_scopes ? { default_scopes: entry.default_scopes } : {}),
      ...(custom ? { param_names: { client_id: "username", client_secret: "password" } } : {}),
      ...given("token_params", { ...token, ...(silent ? { grant_type: null } : {}) }),
      ...given(
        "token_headers",
        without(entry.token_headers, { "content-type": "application/x-www-form-urlencoded" }, names),
      ),
      ...given(
        "extract",
        metadata(entry.token_response_metadata, (path) => `$.${path}`),
      ),
      ...(lasting > 0 ? { ttl_seconds: lasting / 1000 } : {}),
      response: {
        access_token: ["$.access_token", "$.data.token", "$.jwt"],
        ...(entry.expires_in_unit === undefined ? {} : { expires_in_unit: entry.expires_in_unit }),
      },
    },
  };
}
