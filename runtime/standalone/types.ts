/**
 * What callers of a standalone client meet: names of `connectorc/runtime`, with as much of it as there is. This file
 * becomes a part of every such client, so it imports nothing.
 */

/** Codes of failed calls; the list is open. */
export type ErrorCode =
  | "configuration"
  | "invalid_parameters"
  | "missing_credential"
  | "authentication_failed"
  | "reauthorization_required"
  | "permission_denied"
  | "chain_step_failed"
  | "rate_limited"
  | "queue_full"
  | "deadline_exceeded"
  | "upstream_error"
  | "response_invalid"
  | "response_too_large"
  | "truncated"
  | "pagination_loop"
  | "pagination_inconsistent"
  | "network_error"
  | "destination_blocked"
  | "policy_denied"
  | "state_unavailable"
  | "unsupported"
  | "aborted"
  | "internal"
  | (string & {});

/** The stage of a call that failed. */
export type Phase =
  | "configuration"
  | "parameters"
  | "credentials"
  | "destination"
  | "pacing"
  | "request"
  | "response"
  | "pagination";

/** A failed call. `message` says what failed, where, and what to do next; it never holds a secret. */
export interface ConnectorError extends Error {
  readonly code: ErrorCode;
  readonly phase: Phase;
  readonly retryable: boolean;
  readonly connector: string | undefined;
  readonly operation: string | undefined;
  readonly attempts: number | undefined;
  readonly status: number | undefined;
  readonly requestId: string | undefined;
  /** Unix time in milliseconds at which a new try can succeed. */
  readonly retryAt: number | undefined;
  /** Where a page reader can go on from. */
  readonly cursor: string | undefined;
  /** Plain data without secrets. */
  readonly details: Readonly<Record<string, unknown>> | undefined;
}

/** The class of failed calls. */
export interface ConnectorErrorClass {
  readonly prototype: ConnectorError;
  new (fields: { readonly code: ErrorCode; readonly message: string; readonly phase: Phase }): ConnectorError;
  /** True for an error of any client. */
  is(value: unknown): value is ConnectorError;
}

/** Parameters of an operation, by name. */
export type Parameters = Readonly<Record<string, unknown>>;

/** Options of one call. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Everything included: credentials, waits, attempts, the body. Default: `timeout_ms` of the operation, else 30 s. */
  readonly timeoutMs?: number;
  /** Guards a write against being done twice; made up where the operation has an idempotency header and none is given. */
  readonly idempotencyKey?: string;
  /** Whose turn it is where calls wait for a limit: `normal` unless said otherwise. A high one counts as 5 s older than it is. */
  readonly priority?: "high" | "normal" | "low";
}

/** Options of reading pages. */
export interface PageOptions extends Omit<CallOptions, "idempotencyKey"> {
  /** Ends with `truncated` where there are more. Default: `max_pages` of the descriptor. */
  readonly maxPages?: number;
  /** Where to go on: of a page or an error. */
  readonly cursor?: string;
  /** Pages that may be asked for at one time; 1 by default. For pages by offset and by number; their order is kept. */
  readonly concurrency?: number;
}

/** Something that did not stop the call but that its owner should know. */
export interface Warning {
  readonly code: "schema" | "deprecated";
  readonly message: string;
  readonly path?: string;
}

/** Names in lower case. A header that came several times is joined by `, `; set-cookie keeps its lines. */
export interface ResponseHeaders {
  get(name: string): string | undefined;
  readonly setCookie: readonly string[];
  entries(): Iterable<readonly [string, string]>;
}

export interface CallResult<T = unknown> {
  /** The decoded body. */
  readonly data: T;
  readonly status: number;
  readonly headers: ResponseHeaders;
  readonly attempts: number;
  readonly warnings: readonly Warning[];
  /** The server's own name for the request, where it gave one. */
  readonly requestId: string | undefined;
}

/** One page: its records, the whole body, and the cursor of the next page where there is one. */
export interface Page<T = unknown> {
  readonly records: readonly T[];
  readonly data: unknown;
  readonly cursor: string | undefined;
  readonly status: number;
  readonly headers: ResponseHeaders;
  readonly warnings: readonly Warning[];
}

/** A request that no operation describes, to the origin of the connector's own. */
export interface RawRequest {
  readonly method: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS";
  /** From the origin on, or below the base URL that the settings give; begins with `/`, percent-encoded, without query. */
  readonly path: string;
  /** Lists repeat their name. */
  readonly query?: Readonly<
    Record<
      string,
      string | number | bigint | boolean | readonly (string | number | bigint | boolean)[] | undefined
    >
  >;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** A string goes as text, bytes as they are, anything else as JSON; a `content-type` header says otherwise. */
  readonly body?: unknown;
  /** How the answer is read. Default: json. */
  readonly responseType?: "json" | "text" | "binary" | "xml" | "csv" | "jsonl" | "form";
  /** The operation whose origin, credentials, limits, retries and constant headers count. Default: the first, where all go to one origin. */
  readonly like?: string;
}

/** The outcome of a call that does not throw. */
export type Outcome<T = unknown> =
  | { readonly ok: true; readonly value: CallResult<T> }
  | { readonly ok: false; readonly error: ConnectorError };

/** One account of one connector: its operations, under its credentials, settings and limits. */
export interface Connection {
  readonly slug: string;
  /** Calls an operation. Rejects with a `ConnectorError`. */
  call<T = unknown>(
    operation: string,
    parameters?: Parameters,
    options?: CallOptions,
  ): Promise<CallResult<T>>;
  /** Sends what no operation describes, with credentials, pacing and retries as in a call. Rejects with a `ConnectorError`. */
  request<T = unknown>(request: RawRequest, options?: CallOptions): Promise<CallResult<T>>;
  /** Calls an operation; a `ConnectorError` becomes a value. */
  attempt<T = unknown>(
    operation: string,
    parameters?: Parameters,
    options?: CallOptions,
  ): Promise<Outcome<T>>;
  /** Reads page after page, one at a time. */
  pages<T = unknown>(
    operation: string,
    parameters?: Parameters,
    options?: PageOptions,
  ): AsyncGenerator<Page<T>, void, void>;
  /** Reads record after record; pages are fetched as they are needed. */
  records<T = unknown>(
    operation: string,
    parameters?: Parameters,
    options?: PageOptions,
  ): AsyncGenerator<T, void, void>;
}

/** Credentials as the user gives them, by field key. */
export type GivenFields = Readonly<Record<string, unknown>>;

/** Asks the host for credentials; cached until the server refuses them. */
export type CredentialFunction = (request: {
  readonly profile: string;
  readonly fields: readonly string[];
  readonly reason: "first" | "refused";
}) => GivenFields | Promise<GivenFields>;

/** Whom a connection belongs to. A part that is not given falls back to the connection. */
export interface Identity {
  readonly tenant: string;
  readonly account?: string;
  readonly user?: string;
  readonly connection?: string;
}

/** What a connection is made of. */
export interface ConnectOptions {
  readonly profile?: string;
  readonly credentials?: GivenFields | CredentialFunction;
  readonly profiles?: Readonly<Record<string, { readonly credentials?: GivenFields | CredentialFunction }>>;
  /** Settings that are no secrets: domain, region, base URL. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly identity?: Partial<Identity>;
  /** Default time limit of a call, in milliseconds. */
  readonly timeoutMs?: number;
}

/** Times are milliseconds: `now` is monotonic, `wall` Unix time. */
export interface Clock {
  now(): number;
  wall(): number;
  /** Calls `fire` once, `ms` from now. */
  timer(ms: number, fire: () => void): { cancel(): void };
}

export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  bytes(length: number): Uint8Array;
  uuid(): string;
}

/** `console` and most loggers fit. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** What a client takes from the world; all of it has a default. */
export interface RuntimeOptions {
  /** In place of the platform's own. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
  /** Hosts that may be called although they are no public names, or by http: `host`, `*.host`, `10.0.0.1`, each with an optional `:port`. */
  readonly network?: { readonly allow?: readonly string[] };
  readonly clock?: Clock;
  readonly random?: Random;
  readonly logger?: Logger;
  /** Most bytes of a decoded body; 10 MiB by default. */
  readonly maxResponseBytes?: number;
  /** Most calls that wait for the same limits; 10,000 by default. */
  readonly maxQueue?: number;
}

/** What clients may share: their limits and tokens. */
export interface Runtime {
  /** Connects a connector for one account. Throws a `ConnectorError` for wrong settings or credentials. */
  connect(ir: unknown, options?: ConnectOptions): Connection;
  /** Refuses new calls, lets running ones finish for up to 10 s, then ends them. */
  close(): Promise<void>;
}
