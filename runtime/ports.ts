/**
 * What the runtime takes from the world: clock, random, transport, state, telemetry, logger. Each comes in by
 * argument; the defaults are built in `create-runtime.ts`, fakes and failing ones live in `testing/`. What a state
 * must do is said in `state/state.ts`.
 */
export type {
  Admission,
  Awaitable,
  Demand,
  Lease,
  LimitObject,
  LimitTrial,
  Said,
  State,
  StateKey,
  StateReport,
  StoredSecret,
} from "./state/state.ts";

/** Times are milliseconds. `now` is monotonic and serves pacing, TTLs and deadlines; `wall` is Unix time, for signatures and `Retry-After` dates only. */
export interface Clock {
  now(): number;
  wall(): number;
  /** Calls `fire` once, `ms` from now; the handle cancels it. Timers do not keep the process alive by themselves unless the caller waits on them. */
  timer(ms: number, fire: () => void): TimerHandle;
}

export interface TimerHandle {
  cancel(): void;
  /** Keeps the process alive until the timer fires or is cancelled: for a wait that a caller awaits. */
  keepAlive?(): void;
}

export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  bytes(length: number): Uint8Array;
  uuid(): string;
}

// --- transport -----------------------------------------------------------------------------------------

/** A request as it goes on the wire: everything is encoded, nothing is judged again but its destination. */
export interface WireRequest {
  /** `https://host[:port]`. */
  readonly origin: string;
  /** Path and query, percent-encoded. */
  readonly path: string;
  readonly method: string;
  /** Flat name, value pairs; names in lower case. Host and Content-Length are the transport's own. */
  readonly headers: readonly string[];
  readonly body?: string | Uint8Array | BodyStream | undefined;
  /** Safe to be sent again on another socket when a reused one turns out dead before any answer. */
  readonly idempotent: boolean;
  readonly limits: BodyLimits;
  /** Connections that show another certificate are other connections. */
  readonly client?: ClientCertificate | undefined;
}

/** A body that is sent while it is read, once. */
export interface BodyStream extends AsyncIterable<Uint8Array> {
  /** Bytes in all; undefined where nobody knows, and the body is chunked. */
  readonly length: number | undefined;
  /** Why it broke off, if it did, as the end of a sentence about it. */
  readonly failure: string | undefined;
  /** Nobody reads on: what it holds is freed, even in the middle of a read. Told at the end of every exchange. */
  cancel(): void;
}

/** The certificate by which a client proves itself (mutual TLS), with its key, both in PEM. */
export interface ClientCertificate {
  /** A keyed hash of both: what connections are told apart by. */
  readonly id: string;
  readonly certificate: string;
  readonly key: string;
}

export interface BodyLimits {
  /** Bytes of the decoded body. */
  readonly maxBytes: number;
  /** Decoded to received bytes, judged once 1 MiB is decoded. */
  readonly maxRatio: number;
}

/**
 * Receives one exchange, in this order: `connected?`, `sent?`, `head`, `data*`, then `end` or `fail` (once, last).
 * Nothing is called after the abort function returned.
 */
export interface Sink {
  /** A socket is at hand and its address was judged. */
  connected?(): void;
  /** Bytes of the request may have reached the server: from here on an unsafe request is not sent again. */
  sent?(): void;
  head(status: number, headers: ResponseHeaders, body: IncomingBody): void;
  /** A chunk of the decoded body, within the limits. */
  data(chunk: Uint8Array): void;
  end(trailers?: ResponseHeaders): void;
  fail(error: TransportError): void;
}

/** The body that follows a head: how its end is known, and the tap. */
export interface IncomingBody {
  /**
   * `close`: only the closing of the connection ends it, so a cut cannot be told from an end; whoever cannot make
   * sense of such a body (JSON that stops midway) reports it as truncated. In `length` and `chunked` a cut ends in `fail`.
   */
  readonly framing: "none" | "length" | "chunked" | "close";
  /** The version of HTTP; undefined where the transport does not tell. */
  readonly protocol?: "1.1" | "2" | undefined;
  /** Stops `data` soon (what is decoded already may still come) and, once buffers are full, the server too. */
  pause(): void;
  resume(): void;
}

/** Names in lower case. A header that came several times is joined by `, `; set-cookie keeps its lines. */
export interface ResponseHeaders {
  get(name: string): string | undefined;
  readonly setCookie: readonly string[];
  entries(): Iterable<readonly [string, string]>;
}

/** Why an exchange failed below HTTP; `sent` says whether request bytes may have reached the server. */
export interface TransportError {
  readonly kind:
    | "refused"
    | "dns"
    | "timeout"
    | "tls"
    | "reset"
    | "truncated"
    | "protocol"
    | "blocked"
    | "too_large"
    | "decode"
    | "aborted"
    /** The proxy opens no way to the destination. */
    | "proxy"
    /** The stream that was to be sent failed. */
    | "body"
    | "closed";
  readonly message: string;
  readonly sent: boolean;
  /** Bytes went out, but the server says that it did nothing with them: even a write may be sent again. */
  readonly nothingDone?: boolean;
  readonly cause?: unknown;
}

export interface Transport {
  /** Starts the exchange, under a slot that the caller holds; the returned function aborts it (no callback follows). */
  send(request: WireRequest, sink: Sink): () => void;
  /**
   * A free slot of the origin with an open connection behind it, held before tokens are taken, so that no handshake
   * lies between a start and its arrival; undefined where none is at hand. A slot is released exactly once.
   */
  slot(origin: string, client?: ClientCertificate): Slot | undefined;
  /**
   * Waits for a slot in turn, connecting where needed; the returned function gives the place up. Where no connection
   * can be made, or after `close`, the slot is granted all the same and `send` says why it fails.
   */
  waitForSlot(origin: string, granted: (slot: Slot) => void, client?: ClientCertificate): () => void;
  /**
   * Why the rules of the network would refuse this origin, its name resolved and nothing sent; undefined where they
   * would not, or where that cannot be told. A transport may leave it out: then only names and literal addresses are judged.
   */
  judge?(origin: string): Promise<string | undefined>;
  /** Refuses new work, waits up to `graceMs` for what runs, then destroys it. */
  close(graceMs: number): Promise<void>;
  /** Running exchanges and waiting ones by origin; `protocol` where it spoke HTTP/2 last. */
  inspect(): readonly {
    readonly origin: string;
    readonly running: number;
    readonly waiting: number;
    readonly protocol?: "2";
  }[];
}

export interface Slot {
  release(): void;
}

// --- the rest ------------------------------------------------------------------------------------------

/** pino, console and most others fit. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
