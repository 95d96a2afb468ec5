/** An entry of a `providers.yaml`: what it says of signing in and of calling, narrowed once; its words are the catalogue's. */
import { at, type DataMap, isMap, listAt, mapAt, textAt } from "../plain-data.ts";

/** A value of a connection or a credential that an entry asks for. */
export interface EntryField {
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly pattern?: string | undefined;
  readonly format?: string | undefined;
  readonly enum?: readonly string[] | undefined;
  readonly example?: string | undefined;
  readonly default?: string | undefined;
  readonly optional?: boolean | undefined;
  readonly secret?: boolean | undefined;
  /** Found by a script of the catalogue, not given by a person. */
  readonly automated?: boolean | undefined;
}

export type EntryFields = Readonly<Record<string, EntryField>>;
export type Scalars = Readonly<Record<string, string | number | boolean>>;

export interface TokenStep {
  readonly body_format?: string | undefined;
  readonly token_url: string;
  readonly token_params?: Scalars | undefined;
  readonly token_headers?: Scalars | undefined;
}

export interface SignedToken {
  readonly signing_key?: string | undefined;
  readonly expires_in_ms: number;
  readonly header?: Scalars | undefined;
  readonly payload?: Scalars | undefined;
}

export interface Assertion {
  readonly type: string;
  readonly key: string;
  readonly lifetimeInSeconds: number;
  readonly header: Scalars;
  readonly payload: Scalars;
}

export interface TokenResponse {
  readonly token: string;
  readonly token_expiration?: string | undefined;
  readonly token_expiration_strategy?: string | undefined;
  readonly refresh_token?: string | undefined;
}

export interface Verification {
  readonly method: string;
  readonly endpoints: readonly string[];
  readonly headers: Scalars;
  readonly data?: unknown;
  readonly base_url_override?: string | undefined;
}

export interface Proxy {
  readonly base_url: string;
  readonly headers?: Scalars | undefined;
  readonly query?: Scalars | undefined;
  readonly body?: unknown;
  readonly verification?: Verification | undefined;
  /** Hints of how pages and refusals are dealt with, read where they are used. */
  readonly paginate?: DataMap | undefined;
  readonly retry?: DataMap | undefined;
}

export interface Entry {
  readonly auth_mode: string;
  readonly display_name?: string | undefined;
  readonly docs?: string | undefined;
  readonly categories?: readonly string[] | undefined;
  readonly authorization_url?: string | undefined;
  readonly authorization_params?: Scalars | undefined;
  readonly authorization_url_replacements?: Readonly<Record<string, string>> | undefined;
  readonly authorization_url_fragment?: string | undefined;
  readonly authorization_code_param_in_callback?: string | undefined;
  readonly authorization_method?: string | undefined;
  readonly token_url?: string | Readonly<Record<string, string>> | undefined;
  readonly token_params?: Scalars | undefined;
  readonly token_headers?: Scalars | undefined;
  readonly token_request_method?: string | undefined;
  readonly token_request_auth_method?: string | undefined;
  readonly refresh_url?: string | undefined;
  readonly refresh_params?: Scalars | undefined;
  readonly refresh_token_params?: Scalars | undefined;
  readonly refresh_token_headers?: Scalars | undefined;
  readonly request_url?: string | undefined;
  readonly body_format?: string | undefined;
  readonly scope_separator?: string | undefined;
  readonly default_scopes?: readonly string[] | undefined;
  readonly disable_pkce?: boolean | undefined;
  readonly alternate_access_token_response_path?: string | undefined;
  readonly token_response_metadata?: readonly string[] | undefined;
  readonly redirect_uri_metadata?: readonly string[] | undefined;
  readonly expires_in_unit?: string | undefined;
  readonly token_expires_in_ms?: number | undefined;
  readonly require_client_certificate?: boolean | undefined;
  readonly signature?:
    | { readonly protocol: string; readonly hmac_secret_encoding?: string | undefined }
    | undefined;
  readonly token?: SignedToken | undefined;
  readonly assertion?: Assertion | undefined;
  readonly additional_steps?: readonly TokenStep[] | undefined;
  readonly token_response?: TokenResponse | undefined;
  readonly token_response_headers?: readonly string[] | undefined;
  readonly proxy?: Proxy | undefined;
  readonly connection_config?: EntryFields | undefined;
  readonly credentials?: EntryFields | undefined;
  /** Fields that belong to an application and not to a connection. */
  readonly integration_config?: EntryFields | undefined;
  readonly assertion_option?: EntryFields | undefined;
}

/** A value of another form than the catalogue's is as if it were not there. */
export function readEntry(data: DataMap): Entry {
  const text = (key: string): string | undefined => textOf(data, key);
  return {
    auth_mode: text("auth_mode") ?? "",
    display_name: text("display_name"),
    docs: text("docs"),
    categories: textsAt(data, "categories"),
    authorization_url: text("authorization_url"),
    authorization_params: scalarsAt(data, "authorization_params"),
    authorization_url_replacements: stringsAt(data, "authorization_url_replacements"),
    authorization_url_fragment: text("authorization_url_fragment"),
    authorization_code_param_in_callback: text("authorization_code_param_in_callback"),
    authorization_method: text("authorization_method"),
    token_url: text("token_url") ?? stringsAt(data, "token_url"),
    token_params: scalarsAt(data, "token_params"),
    token_headers: scalarsAt(data, "token_headers"),
    token_request_method: text("token_request_method"),
    token_request_auth_method: text("token_request_auth_method"),
    refresh_url: text("refresh_url"),
    refresh_params: scalarsAt(data, "refresh_params"),
    refresh_token_params: scalarsAt(data, "refresh_token_params"),
    refresh_token_headers: scalarsAt(data, "refresh_token_headers"),
    request_url: text("request_url"),
    body_format: text("body_format"),
    scope_separator: text("scope_separator"),
    default_scopes: textsAt(data, "default_scopes"),
    disable_pkce: data.disable_pkce === true,
    alternate_access_token_response_path: text("alternate_access_token_response_path"),
    token_response_metadata: textsAt(data, "token_response_metadata"),
    redirect_uri_metadata: textsAt(data, "redirect_uri_metadata"),
    expires_in_unit: text("expires_in_unit"),
    token_expires_in_ms: numberAt(data, "token_expires_in_ms"),
    require_client_certificate: data.require_client_certificate === true,
    signature: signatureOf(at(data, "signature")),
    token: tokenOf(at(data, "token")),
    assertion: assertionOf(at(data, "assertion")),
    additional_steps: listAt(data, "additional_steps").flatMap(stepOf),
    token_response: tokenResponseOf(at(data, "token_response")),
    token_response_headers: textsAt(data, "token_response_headers"),
    proxy: proxyOf(at(data, "proxy")),
    connection_config: fieldsAt(data, "connection_config"),
    credentials: fieldsAt(data, "credentials"),
    integration_config: fieldsAt(data, "integration_config"),
    assertion_option: fieldsAt(data, "assertion_option"),
  };
}

function proxyOf(data: unknown): Proxy | undefined {
  const base = textAt(data, "base_url");
  if (base === undefined) return undefined;
  return {
    base_url: base,
    headers: scalarsAt(data, "headers"),
    query: scalarsAt(data, "query"),
    body: at(data, "body"),
    verification: verificationOf(at(data, "verification")),
    paginate: someMap(at(data, "paginate")),
    retry: someMap(at(data, "retry")),
  };
}

function verificationOf(data: unknown): Verification | undefined {
  const endpoints = textsAt(data, "endpoints") ?? [];
  if (endpoints.length === 0) return undefined;
  return {
    method: (textAt(data, "method") ?? "GET").toUpperCase(),
    endpoints,
    headers: scalarsAt(data, "headers") ?? {},
    data: at(data, "data"),
    base_url_override: textAt(data, "base_url_override"),
  };
}

function signatureOf(data: unknown): Entry["signature"] {
  const protocol = textAt(data, "protocol");
  return protocol === undefined
    ? undefined
    : { protocol, hmac_secret_encoding: textAt(data, "hmac_secret_encoding") };
}

function tokenOf(data: unknown): SignedToken | undefined {
  if (!isMap(data)) return undefined;
  return {
    signing_key: textAt(data, "signing_key"),
    expires_in_ms: numberAt(data, "expires_in_ms") ?? 300_000,
    header: scalarsAt(data, "header"),
    payload: scalarsAt(data, "payload"),
  };
}

function assertionOf(data: unknown): Assertion | undefined {
  const type = textAt(data, "type");
  if (type === undefined) return undefined;
  return {
    type,
    key: textAt(data, "key") ?? "",
    lifetimeInSeconds: numberAt(data, "lifetimeInSeconds") ?? 3_600,
    header: scalarsAt(data, "header") ?? {},
    payload: scalarsAt(data, "payload") ?? {},
  };
}

function stepOf(data: unknown): TokenStep[] {
  const url = textAt(data, "token_url");
  if (url === undefined) return [];
  return [
    {
      token_url: url,
      body_format: textAt(data, "body_format"),
      token_params: scalarsAt(data, "token_params"),
      token_headers: scalarsAt(data, "token_headers"),
    },
  ];
}

function tokenResponseOf(data: unknown): TokenResponse | undefined {
  const token = at(data, "token");
  if (typeof token !== "string") return undefined;
  return {
    token,
    token_expiration: textAt(data, "token_expiration"),
    token_expiration_strategy: textAt(data, "token_expiration_strategy"),
    refresh_token: textAt(data, "refresh_token"),
  };
}

function fieldsAt(data: unknown, key: string): EntryFields | undefined {
  const fields = at(data, key);
  if (!isMap(fields)) return undefined;
  return fromEntries(
    Object.entries(fields).flatMap(([name, field]) => (isMap(field) ? [[name, fieldOf(field)]] : [])),
  );
}

function fieldOf(field: DataMap): EntryField {
  const fallback = at(field, "default_value");
  return {
    title: textAt(field, "title"),
    description: textAt(field, "description"),
    pattern: textAt(field, "pattern"),
    format: textAt(field, "format"),
    enum: textsAt(field, "enum"),
    example: textAt(field, "example"),
    default: typeof fallback === "string" ? fallback : undefined,
    optional: field.optional === true,
    secret: field.secret === true,
    automated: field.automated === true,
  };
}

/** As it stands: blanks at its ends may mean something. */
function textOf(data: unknown, key: string): string | undefined {
  const found = at(data, key);
  return typeof found === "string" && found !== "" ? found : undefined;
}

function textsAt(data: unknown, key: string): readonly string[] | undefined {
  const texts = listAt(data, key).flatMap((one) =>
    typeof one === "string" || typeof one === "number" ? [String(one)] : [],
  );
  return texts.length > 0 ? texts : undefined;
}

function numberAt(data: unknown, key: string): number | undefined {
  const found = at(data, key);
  const number = typeof found === "string" ? Number(found) : found;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

function scalarsAt(data: unknown, key: string): Scalars | undefined {
  if (!isMap(at(data, key))) return undefined;
  const entries = Object.entries(mapAt(data, key)).flatMap(([name, value]) =>
    typeof value === "string" || typeof value === "number" || typeof value === "boolean"
      ? [[name, value] as const]
      : [],
  );
  return fromEntries(entries);
}

function stringsAt(data: unknown, key: string): Readonly<Record<string, string>> | undefined {
  const scalars = scalarsAt(data, key);
  return (
    scalars && fromEntries(Object.entries(scalars).map(([name, value]) => [name, String(value)] as const))
  );
}

/** `Object.fromEntries` keeps `__proto__` as data. */
function fromEntries<T>(entries: readonly (readonly [string, T])[]): Readonly<Record<string, T>> {
  return Object.fromEntries(entries);
}

function someMap(value: unknown): DataMap | undefined {
  return isMap(value) ? value : undefined;
}
