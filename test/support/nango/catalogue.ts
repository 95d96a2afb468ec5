/** The half catalogue of real APIs that lies beside the project: read where it is there, and never copied. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

/** A value of a connection that an entry asks for. */
export interface EntryField {
  readonly pattern?: string;
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly example?: string;
  readonly optional?: boolean;
}

export type Scalars = Readonly<Record<string, string | number | boolean>>;

export interface TokenStep {
  readonly body_format?: string;
  readonly token_url: string;
  readonly token_params?: Scalars;
  readonly token_headers?: Scalars;
}

/** What an entry says of signing in; its words are those of the catalogue. */
export interface Entry {
  readonly auth_mode: string;
  readonly authorization_url?: string;
  readonly authorization_params?: Scalars;
  readonly authorization_url_replacements?: Readonly<Record<string, string>>;
  readonly authorization_url_fragment?: string;
  readonly authorization_code_param_in_callback?: string;
  readonly authorization_method?: string;
  readonly token_url?: string | Readonly<Record<string, string>>;
  readonly token_params?: Scalars;
  readonly token_headers?: Scalars;
  readonly token_request_method?: string;
  readonly token_request_auth_method?: string;
  readonly refresh_url?: string;
  readonly refresh_params?: Scalars;
  readonly refresh_token_params?: Scalars;
  readonly refresh_token_headers?: Scalars;
  readonly request_url?: string;
  readonly body_format?: string;
  readonly scope_separator?: string;
  readonly default_scopes?: readonly string[];
  readonly disable_pkce?: boolean;
  readonly alternate_access_token_response_path?: string;
  readonly token_response_metadata?: readonly string[];
  readonly redirect_uri_metadata?: readonly string[];
  readonly expires_in_unit?: string;
  readonly token_expires_in_ms?: number;
  readonly require_client_certificate?: boolean;
  readonly signature?: { readonly protocol: string; readonly hmac_secret_encoding?: string };
  readonly token?: {
    readonly signing_key?: string;
    readonly expires_in_ms: number;
    readonly header?: Scalars;
    readonly payload?: Scalars;
  };
  readonly assertion?: {
    readonly type: string;
    readonly key: string;
    readonly lifetimeInSeconds: number;
    readonly header: Scalars;
    readonly payload: Scalars;
  };
  readonly additional_steps?: readonly TokenStep[];
  readonly token_response?: {
    readonly token: string;
    readonly token_expiration?: string;
    readonly token_expiration_strategy?: string;
    readonly refresh_token?: string;
  };
  readonly token_response_headers?: readonly string[];
  readonly proxy?: {
    readonly base_url: string;
    readonly headers?: Scalars;
    readonly query?: Scalars;
    readonly body?: unknown;
  };
  readonly connection_config?: Readonly<Record<string, EntryField>>;
  readonly credentials?: Readonly<Record<string, EntryField>>;
  /** Fields that belong to an application and not to a connection. */
  readonly integration_config?: Readonly<Record<string, EntryField>>;
  readonly assertion_option?: Readonly<Record<string, EntryField>>;
}

const path = join(import.meta.dirname, "../../../../shared/corpus/nango/providers-half.yaml");

export const catalogueIsThere: boolean = existsSync(path);

/** Every entry by its name, what it inherits filled in. */
export function readCatalogue(): ReadonlyMap<string, Entry> {
  // The catalogue's own schema says so; a field of another shape shows as a request that differs.
  const all = parse(readFileSync(path, "utf8")) as Readonly<
    Record<string, Entry & { readonly alias?: string }>
  >;
  const resolve = (name: string): Entry => {
    const { alias, ...own } = all[name] ?? { auth_mode: "NONE" };
    return alias === undefined ? own : { ...resolve(alias), ...own };
  };
  return new Map(Object.keys(all).map((name) => [name, resolve(name)]));
}
