import type { Socket } from "node:net";
import type { Clock } from "../ports.ts";

/** A request as the server received it. */
export interface ReceivedRequest {
  /** The n-th request of this server, from 1. */
  readonly number: number;
  readonly method: string;
  /** Without the query, still percent-encoded. */
  readonly path: string;
  /** Path and query as they were on the wire. */
  readonly target: string;
  readonly query: URLSearchParams;
  /** By name in lower case; several of one name are joined by `, `. */
  readonly headers: { readonly [name: string]: string | undefined };
  /** Name and value pairs as they came, in their order and letter case. */
  readonly rawHeaders: readonly (readonly [string, string])[];
  readonly body: Uint8Array;
  readonly text: string;
  /** The body read as JSON; undefined where it is none. */
  readonly json: unknown;
  /** The body read as a form. */
  readonly form: URLSearchParams;
  /** The clock's `now()` when the head had arrived. */
  readonly at: number;
  /** Same number, same connection; from 1. */
  readonly connection: number;
}

/** What a handler has beside the request. */
export interface ReplyContext {
  /** The named parts of the route's path (`/users/:id`), percent-decoded. */
  readonly params: { readonly [name: string]: string };
  /** How many requests this route has had, this one among them. */
  readonly count: number;
  readonly clock: Clock;
  /** Where the server answers: `http://127.0.0.1:PORT`. */
  readonly origin: string;
}

/** An answer. At most one of `json`, `text`, `bytes` is its body; `raw` takes the socket instead of all others. */
export interface Reply {
  /** 200 where it is not said. */
  readonly status?: number;
  readonly headers?: { readonly [name: string]: string | readonly string[] };
  readonly json?: unknown;
  readonly text?: string;
  readonly bytes?: Uint8Array;
  /** The answer starts so much later, by the server's clock. */
  readonly delayMs?: number;
  readonly raw?: (wire: Wire) => void;
}

/** The bare connection, for answers that are no HTTP. It serves no request after this one: end it, or let it hang. */
export interface Wire {
  readonly socket: Socket;
  write(part: string | Uint8Array): void;
  /** Calls back after `ms` by the server's clock, unless the connection is gone by then. */
  after(ms: number, then: () => void): void;
  /** Ends the connection in good order (FIN). */
  end(): void;
  /** Breaks it off (RST). */
  reset(): void;
}

/** Answers a request. */
export type Handler = (request: ReceivedRequest, context: ReplyContext) => Reply | Promise<Reply>;

/** By method and path: `"GET /users/:id"`, `"* /anything"`, `"GET /files/*"`. The first that fits answers. */
export interface Routes {
  readonly [methodAndPath: string]: Reply | Handler;
}

export interface ServerOptions {
  /** Stamps the log and measures delays; the system's by default. */
  readonly clock?: Clock;
  /** Serves https with this certificate, both in PEM. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** An idle connection is closed after so long, and the client is told so (`Keep-Alive: timeout`); 5 s by default. */
  readonly keepAliveMs?: number;
}

export interface TestServer {
  readonly origin: string;
  readonly host: string;
  readonly port: number;
  /** All requests so far, in the order of their arrival. */
  readonly requests: readonly ReceivedRequest[];
  /** How many requests had this path, or this method and path (`"POST /token"`). */
  times(path: string): number;
  /** Connections made so far. */
  readonly connections: number;
  /** Connections open now. */
  readonly open: number;
  /** Closes all open connections in good order, as a server does with idle ones; settles when they are gone. */
  dropConnections(): Promise<void>;
  /** Replaces the answers from here on. */
  reply(routes: Routes | Handler): void;
  /** Breaks all connections and stops listening. */
  close(): Promise<void>;
}
