/**
 * The intermediate representation: what the compiler hands to the runtime and to the emitters. Readonly plain
 * data, discriminated by `kind`, equal to itself after a JSON round trip. Names are bound, templates and paths
 * are parsed, defaults are filled and sugar is gone; positions live elsewhere.
 */

import type {
  BodyNode,
  Entry,
  Exchange,
  Matcher,
  Template,
  UrlOrigin,
  UrlTemplate,
  ValueSymbol,
} from "./exchange.ts";
import type { Json, JsonObject, JsonSchema } from "./json.ts";
import type { JsonPath } from "./language/jsonpath.ts";

export type * from "./exchange.ts";
export type * from "./json.ts";

export const irVersion = 1;

/**
 * What a runtime must know to run this connector at all, such as `jsonpath:plus`. A runtime refuses features that
 * it does not know. A grant or signature that one profile needs is no feature: the other profiles still work.
 */
export type Feature = string;

export interface Connector {
  readonly ir_version: typeof irVersion;
  readonly requires: readonly Feature[];
  readonly slug: string;
  readonly version: string;
  /** SHA-256 (hex) of the canonical JSON of this IR without this field. */
  readonly content_hash: string;
  readonly metadata: Metadata;
  readonly settings: readonly Setting[];
  readonly profiles: readonly Profile[];
  readonly limits: readonly Limit[];
  readonly operations: readonly Operation[];
  readonly schemas: { readonly [name: string]: JsonSchema };
  readonly capabilities?: JsonObject;
  readonly sla?: Sla;
  readonly mcp?: McpServer;
  readonly database?: JsonObject;
  /** The MCP server whose tools the operations call. */
  readonly upstream?: McpUpstream;
  /** Every `x-` key of the descriptor's root, untouched. */
  readonly extensions?: JsonObject;
}

export interface Metadata {
  readonly name: string;
  readonly description: string;
  readonly summary?: string;
  readonly publisher: string;
  readonly documentation_url?: string;
  readonly categories: readonly string[];
  readonly tags: readonly string[];
}

export type FieldType =
  | "string"
  | "integer"
  | "number"
  | "boolean"
  | "secret"
  | "password"
  | "json"
  | "array"
  | "object"
  | "date"
  | "datetime"
  | "file";

/** A non-secret value of a connection: a declared `connection_config` entry or one implied by a template. */
export interface Setting {
  readonly key: string;
  readonly type: FieldType;
  readonly required: boolean;
  /** True where no `connection_config` entry declares it and a URL implies it. */
  readonly implied: boolean;
  readonly default?: Json;
  /** Regular expression for the whole value (linear-time syntax). */
  readonly pattern?: string;
  readonly enum?: readonly Json[];
  readonly format?: string;
  readonly label?: string;
  readonly description?: string;
  readonly example?: Json;
}

/** A credential that the user supplies. */
export interface CredentialField {
  readonly key: string;
  readonly type: FieldType;
  readonly required: boolean;
  readonly secret: boolean;
  /** True where the profile declares no fields and the type or the chain implies it. */
  readonly implied: boolean;
  readonly pattern?: string;
  readonly enum?: readonly Json[];
  readonly format?: string;
  readonly label?: string;
  readonly description?: string;
  readonly example?: Json;
}

export type ProfileType =
  | "api_key"
  | "basic"
  | "bearer"
  | "none"
  | "oauth2_authorization_code"
  | "oauth2_client_credentials"
  | "service_account"
  | "jwt"
  | "oauth1"
  | "aws_sigv4"
  | "digest"
  | "wsse";

export interface Profile {
  readonly id: string;
  readonly type: ProfileType;
  readonly description?: string;
  readonly docs_url?: string;
  readonly fields: readonly CredentialField[];
  readonly source: CredentialSource;
  /** The section of the profile's type (`oauth`, `jwt`, `oauth1`, `aws_sigv4`, `wsse`) as written: to show and compare; nothing runs by it. */
  readonly settings?: JsonObject;
  /** Where credentials go unless an operation says otherwise. */
  readonly placement: Placement;
  readonly test?: TestExchange;
  /** Any of these marks an answer that refuses an expired credential, besides status 401. */
  readonly expired_when: readonly Matcher[];
  /** Every origin that the descriptor itself names for this profile's credentials. */
  readonly origins: readonly UrlOrigin[];
  /** Further hosts that a response may lead to, exact or `*.example.com`. */
  readonly allowed_hosts: readonly string[];
  readonly mtls?: { readonly certificate: string; readonly key: string };
  /** Signs every request of the profile once the rest of it is known. */
  readonly signer?: Signer;
  /** How a person's consent is obtained; absent where none is needed. */
  readonly login?: Login;
}

/** How the token in use (`{access_token}`, `{token}`) comes to be. */
export type CredentialSource =
  | { readonly kind: "fields" }
  | {
      readonly kind: "chain";
      readonly chain: string;
      readonly steps: readonly Step[];
      readonly token: StepValue;
    }
  | OAuth2Source
  /** Made here, and kept for its life. */
  | { readonly kind: "jwt"; readonly recipe: JwtRecipe };

export interface OAuth2Source {
  readonly kind: "oauth2";
  readonly grant: "client_credentials" | "authorization_code" | "jwt_bearer";
  /**
   * The token call; its extracts hold `access_token` and what `oauth.extract` adds. Calls under the new token may follow. Empty for `authorization_code`,
   * whose first token a login gives.
   */
  readonly steps: readonly Step[];
  readonly token: StepValue;
  /** Renews the token by a refresh token (RFC 6749, section 6). */
  readonly refresh?: Step;
  /** Calls under each renewed token, whose session ends with it. */
  readonly after_refresh?: readonly Step[];
  /** The old refresh token stays good where an answer brings no new one. */
  readonly keep_refresh_token: boolean;
  /** What is asked for: granted, too, unless the answer says otherwise (RFC 6749, section 5.1). */
  readonly scopes: readonly string[];
}

/** How a JWT is made; templates have the context `raw`. `iat`, `exp` and `jti` are filled in where the claims lack them. */
export interface JwtRecipe {
  readonly algorithm: string;
  readonly key: Template;
  /** The key's text stands for bytes. */
  readonly key_encoding?: "hex" | "base64";
  readonly key_id?: Template;
  readonly headers: readonly { readonly name: string; readonly value: Template }[];
  /** An object. */
  readonly claims: BodyNode;
  readonly ttl_seconds: number;
}

export type OAuth1Method =
  | "HMAC-SHA1"
  | "HMAC-SHA256"
  | "HMAC-SHA512"
  | "RSA-SHA1"
  | "RSA-SHA256"
  | "PLAINTEXT";

/** What signs a request; templates have the context `raw`. */
export type Signer =
  | {
      readonly kind: "oauth1";
      readonly method: OAuth1Method;
      readonly consumer_key: Template;
      readonly consumer_secret: Template;
      readonly token?: Template;
      readonly token_secret?: Template;
      readonly realm?: Template;
      /** Protocol parameters of a token call: `oauth_callback`, `oauth_verifier`. */
      readonly extra: readonly { readonly name: string; readonly value: Template }[];
    }
  | {
      readonly kind: "aws_sigv4";
      readonly service: Template;
      readonly region: Template;
      readonly access_key_id: Template;
      readonly secret_access_key: Template;
      readonly session_token?: Template;
    }
  | { readonly kind: "digest"; readonly username: Template; readonly password: Template }
  | {
      readonly kind: "wsse";
      readonly header: string;
      readonly username: Template;
      readonly password: Template;
      readonly nonce: "base64" | "hex";
      readonly digest: "base64" | "hex";
    };

/** How a person gives consent: a page to open, and the calls that turn what comes back into credentials. */
export type Login =
  | {
      readonly kind: "authorization_code";
      readonly authorize: UrlTemplate;
      /** `state` and PKCE included. */
      readonly query: readonly Entry[];
      /** Behind a `#`, before the query: the page belongs to a web application. */
      readonly fragment?: string;
      /** Behind a `#`, after the query. */
      readonly anchor?: string;
      readonly pkce: boolean;
      /** RFC 9207: the `iss` that the redirect must carry. */
      readonly issuer?: string;
      readonly callback: LoginCallback;
      /** Its extracts hold `access_token`, `refresh_token` and what `oauth.extract` adds. */
      readonly exchange: Step;
      /** Calls under the new token, once; their extracts are kept with the login, an `access_token` in place of the first. */
      readonly after: readonly Step[];
    }
  | {
      readonly kind: "oauth1";
      /** RFC 5849, section 2.1; gives `token` and `token_secret`. */
      readonly request: Step;
      readonly authorize: UrlTemplate;
      readonly query: readonly Entry[];
      /** RFC 5849, section 2.3; gives `token` and `token_secret`. */
      readonly access: Step;
    };

/** Query parameters of the redirect that ends a login by code. */
export interface LoginCallback {
  readonly code: string;
  readonly state: string;
  /** Kept with the login as `oauth` values. */
  readonly extract: readonly { readonly name: string; readonly parameter: string }[];
}

export interface StepValue {
  readonly step: string;
  readonly name: string;
}

/** One call of a credential chain or a token endpoint. */
export interface Step {
  readonly name: string;
  readonly exchange: Exchange;
  readonly extract: readonly Extract[];
  readonly life: StepLife;
  /** The author's `cache_key`, added to the keyed hash of all inputs: it can split entries, never merge them. */
  readonly cache_key?: Template;
  /** All that flows into the step; the cache key is made of their values. */
  readonly inputs: readonly ValueSymbol[];
  /** The step's own signature, such as that of a role's keys. */
  readonly signer?: Signer;
  /** Made right before the call; the exchange names it `{ kind: "grant", name: "assertion" }`. */
  readonly assertion?: JwtRecipe;
}

export type Extract =
  | JsonExtract
  | { readonly kind: "header"; readonly name: string; readonly header: string }
  | { readonly kind: "cookie"; readonly name: string; readonly cookie: string }
  | { readonly kind: "text"; readonly name: string };

export interface JsonExtract {
  readonly kind: "json";
  readonly name: string;
  readonly path: JsonPath;
  /** Tried in order where `path` hits nothing. */
  readonly or?: readonly JsonPath[];
  /** May be missing, such as a token response's `expires_in`. */
  readonly optional?: boolean;
  /** A list of texts is taken as one, with blanks between, such as the scopes of a token response. */
  readonly joined?: boolean;
}

export type StepLife =
  | { readonly kind: "fixed"; readonly seconds: number }
  /** `name` is an extract of the step; `unit` that of a number found there; `otherwise`: seconds where there is none. */
  | {
      readonly kind: "expires_in";
      readonly name: string;
      readonly unit: "seconds" | "milliseconds";
      readonly otherwise?: number;
    }
  | {
      readonly kind: "expires_at";
      readonly name: string;
      readonly unit: "seconds" | "milliseconds" | "date";
      readonly otherwise?: number;
    }
  | { readonly kind: "jwt_exp"; readonly name: string }
  | { readonly kind: "until_refused" };

/** Entries that carry credentials; a profile's signer adds its own. */
export interface Placement {
  readonly headers: readonly Entry[];
  readonly query: readonly Entry[];
  readonly cookies: readonly Entry[];
}

export interface TestExchange {
  readonly exchange: Exchange;
  readonly placement: Placement;
  readonly expected_status: number;
}

// --- operations ----------------------------------------------------------------------------------------

export interface Operation {
  readonly id: string;
  readonly summary: string;
  readonly description?: string;
  readonly capability?: string;
  readonly tags: readonly string[];
  readonly parameters: readonly Parameter[];
  readonly exchange: Exchange;
  /** The upstream tool that the exchange calls. */
  readonly tool?: ToolReference;
  /** In the author's order: the connection's profile if listed, else the first whose credentials were given. */
  readonly auth: readonly OperationAuth[];
  /** Indexes into `limits`. */
  readonly limits: readonly number[];
  readonly cost: number;
  readonly pagination: Pagination;
  readonly retry: RetryRule;
  readonly errors: readonly ErrorRule[];
  readonly timeout_ms?: number;
  readonly side_effecting: boolean;
  readonly destructive: boolean;
  /** Safe to send again without a key (RFC 9110, section 9.2.2, unless the descriptor says otherwise). */
  readonly idempotent: boolean;
  readonly idempotency_header?: string;
  readonly deprecated: boolean;
  readonly deprecated_message?: string;
  readonly added_in_version?: string;
  readonly examples?: Json;
  readonly mock?: Json;
  readonly extensions?: JsonObject;
}

export interface OperationAuth {
  readonly profile: string;
  readonly placement: Placement;
}

export type ParameterLocation = "query" | "path" | "header" | "body" | "cookie";

export interface Parameter {
  readonly name: string;
  readonly wire_name: string;
  readonly location: ParameterLocation;
  readonly type: FieldType;
  readonly required: boolean;
  readonly secret: boolean;
  readonly default?: Json;
  readonly schema?: JsonSchema;
  readonly description?: string;
  readonly example?: Json;
}

export interface RetryRule {
  /** Attempts in all. */
  readonly max_attempts: number;
  readonly on_status: readonly number[];
  readonly initial_ms: number;
  readonly max_ms: number;
}

export interface ErrorRule {
  readonly when: Matcher;
  readonly action: "fail" | "retry" | "ignore" | "refresh_credentials";
  readonly code?: string;
  readonly message?: string;
}

/** Where a paging value goes: over a declared parameter, or to a wire name of its own. */
export type PageSlot =
  | { readonly kind: "parameter"; readonly name: string }
  | { readonly kind: "query" | "header"; readonly name: string }
  /** Own-property path inside the body object. */
  | { readonly kind: "body"; readonly path: readonly string[] };

export interface PageCommon {
  readonly limit?: PageSlot;
  readonly page_size?: number;
  readonly has_more?: JsonPath;
  readonly total?: JsonPath;
  readonly stop_when: readonly Matcher[];
  readonly stop_on_short_page: boolean;
  readonly max_pages: number;
  readonly primary_key: readonly JsonPath[];
}

export type Pagination =
  | { readonly kind: "none" }
  | ({
      readonly kind: "cursor";
      readonly source: CursorSource;
      readonly slot?: PageSlot;
      /** Values that go along with the cursor. */
      readonly more?: readonly BesideCursor[];
    } & PageCommon)
  | ({ readonly kind: "offset"; readonly slot: PageSlot } & PageCommon)
  | ({ readonly kind: "page"; readonly slot: PageSlot; readonly start_page: number } & PageCommon)
  | ({ readonly kind: "link_header" } & PageCommon);

export type CursorSource =
  | { readonly kind: "path"; readonly path: JsonPath }
  | { readonly kind: "header"; readonly header: string }
  | { readonly kind: "next_url"; readonly path: JsonPath }
  | { readonly kind: "record"; readonly path: JsonPath };

/** A value that goes along with a cursor; its path begins where the cursor's does. */
export interface BesideCursor {
  readonly path: JsonPath;
  readonly slot: PageSlot;
}

// --- limits, SLA, MCP ----------------------------------------------------------------------------------

export type LimitScope = "per_account" | "per_user" | "per_token" | "per_connection";

/** A rolling-window limit (see `language/limits.ts` for the rule). */
export interface Limit {
  readonly name?: string;
  readonly scope: LimitScope;
  readonly limit: number;
  readonly interval_seconds: number;
  readonly burst: number;
  readonly max_concurrent?: number;
  readonly smooth: boolean;
  /** Chain, token and test calls count as well. */
  readonly includes_auth: boolean;
  /** One quota for all tenants. */
  readonly shared: boolean;
  readonly response_headers?: {
    readonly remaining?: string;
    readonly limit?: string;
    readonly reset?: {
      readonly header: string;
      readonly unit: "seconds" | "milliseconds" | "epoch_seconds" | "epoch_milliseconds" | "date";
    };
  };
  readonly on_state_loss: "share" | "closed";
  readonly note?: string;
}

export interface Sla {
  readonly availability_percentage: number;
  readonly latency_ms_p95?: number;
  readonly error_budget_percentage?: number;
  readonly data_freshness_minutes_p95?: number;
  readonly rto_minutes?: number;
  readonly rpo_minutes?: number;
}

/** Where an upstream MCP server is: at the URL of the operations, or started by the host under a name (`stdio://name`). */
export type McpUpstream =
  | { readonly kind: "streamable_http" }
  | { readonly kind: "stdio"; readonly server: string };

/** A tool of the upstream MCP server. */
export interface ToolReference {
  readonly name: string;
  /** `sha256:` and the hash of the tool that was reviewed (`lockedText` of `schema/mcp/upstream-tool.ts`). */
  readonly hash: string;
}

export interface McpServer {
  readonly enabled: boolean;
  readonly server_name: string;
  readonly server_description: string;
  readonly tools: readonly McpTool[];
}

export interface McpTool {
  readonly operation: string;
  readonly name: string;
  readonly description: string;
  /** Connector parameter → MCP name. */
  readonly parameters: { readonly [parameter: string]: string };
}
