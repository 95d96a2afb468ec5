import type { Method, ResponseType } from "../../schema/ir.ts";
import type { Authorization, Grant } from "../credentials/login.ts";
import type { ConnectorError } from "../errors.ts";
import type { Priority } from "../pacing/priority.ts";
import type { Page } from "../paginate/page.ts";
import type { ResponseHeaders } from "../ports.ts";
import type { UpstreamTool } from "../upstream/upstream.ts";

/** Parameters of an operation, by name. */
export type Parameters = Readonly<Record<string, unknown>>;

/** Options of one call. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Everything included: credentials, waits, attempts, the body. Default: `timeout_ms` of the operation, else 30 s. */
  readonly timeoutMs?: number;
  /** Guards a write against being done twice; made up where the operation has an idempotency header and none is given. */
  readonly idempotencyKey?: string;
  /**
   * Whose turn it is where calls wait for a limit: `normal` unless said otherwise. A high one counts as 5 s older than it is, a
   * low one as 5 s younger, so that none starves.
   */
  readonly priority?: Priority;
}

/** Options of reading pages. */
export interface PageOptions extends Omit<CallOptions, "idempotencyKey"> {
  /** Ends with `truncated` where there are more. Default: `max_pages` of the descriptor. */
  readonly maxPages?: number;
  /** Where to go on: of a page or an error of the same operation with the same parameters. */
  readonly cursor?: string;
  /** Pages that may be asked for at one time; 1 by default. For pages by offset and by number; their order is kept. */
  readonly concurrency?: number;
}

/** Options of a streamed call. `timeoutMs` ends where the answer begins. */
export interface StreamOptions extends CallOptions {
  /** The longest wait for the next piece while one is asked for; 30 s by default. */
  readonly idleTimeoutMs?: number;
  /** The longest that all of it may take, from the call on; no limit by default. */
  readonly maxDurationMs?: number;
  /** Of the decoded body; no limit by default. */
  readonly maxBytes?: number;
  /** The bytes of the body as they come, whatever `response.type` says. */
  readonly as?: "bytes";
}

/**
 * An answer that is read while it comes, once: records of `jsonl` and `csv`, text of `text`, bytes (`Uint8Array`) of `binary`.
 * A slow reader slows the server. Its connection stays taken until it is read to the end, left by `break`, or cancelled.
 */
export interface ResponseStream<T = unknown> extends AsyncIterable<T> {
  readonly status: number;
  readonly headers: ResponseHeaders;
  readonly attempts: number;
  readonly requestId: string | undefined;
  /** Of a record that does not fit the schema: once it was read. */
  readonly warnings: readonly Warning[];
  /** Ends it unread. */
  cancel(): void;
}

/** Something that did not stop the call but that its owner should know. */
export interface Warning {
  readonly code: "schema" | "deprecated";
  readonly message: string;
  /** Of a schema warning: where in the answer, as a JSON Pointer. */
  readonly path?: string;
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

/** A request that no operation describes, to the origin of the connector's own. */
export interface RawRequest {
  readonly method: Method;
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
  readonly responseType?: ResponseType;
  /**
   * The operation whose origin, credentials, limits, retries and constant headers count. Default: the first, where all
   * go to one origin.
   */
  readonly like?: string;
}

/** The outcome of a call that does not throw. */
export type Outcome<T = unknown> =
  | { readonly ok: true; readonly value: CallResult<T> }
  | { readonly ok: false; readonly error: ConnectorError };

/** What a check of the credentials found. */
export interface Health {
  readonly ok: boolean;
  readonly profile: string | undefined;
  readonly status?: number;
  readonly durationMs: number;
  readonly error?: ConnectorError;
}

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
  /** Calls an operation and gives its answer as a stream. Rejects with a `ConnectorError`, and so does reading it. */
  stream<T = unknown>(
    operation: string,
    parameters?: Parameters,
    options?: StreamOptions,
  ): Promise<ResponseStream<T>>;
  /** Reads page after page. From the second on, the next one is asked for while this one is worked on. */
  pages<T = unknown>(
    operation: string,
    parameters?: Parameters,
    options?: PageOptions,
  ): AsyncGenerator<Page<T>, void, void>;
  /** Reads record after record; pages are fetched as they are needed, and JSON Lines and CSV without pages are read as a stream. */
  records<T = unknown>(
    operation: string,
    parameters?: Parameters,
    options?: PageOptions,
  ): AsyncGenerator<T, void, void>;
  /**
   * The tools that the MCP server behind the connector offers now, with the hash by which an operation names one. Their
   * texts are data of others. Rejects with a `ConnectorError`.
   */
  upstreamTools(): Promise<readonly UpstreamTool[]>;
  /** Calls the `test_endpoint` of the profile in use. Does not reject for what the check finds. */
  check(options?: CallOptions): Promise<Health>;
  /**
   * Begins a login for a profile that needs a person's consent: open `url`, and give `complete` the address that the
   * browser is sent to at the end. The credentials go to the runtime's state; later connections of the same client and
   * identity find them there. `profile` may be left out where only one profile has a login.
   */
  authorize(options: { readonly profile?: string; readonly redirectUri: string }): Promise<Authorization>;
  /** The origins that the credentials of a profile may be sent to, under this connection's settings; by default of the profile in use. */
  origins(options?: { readonly profile?: string }): Promise<readonly string[]>;
  /** What is stored of a consent; undefined where nobody has signed in. */
  grant(options?: { readonly profile?: string }): Promise<Grant | undefined>;
  /** Deletes the stored consent; true where there was one. The server is not told. */
  forget(options?: { readonly profile?: string }): Promise<boolean>;
}
