import type { Clock } from "../ports.ts";
import type { Exchange, WireOwner } from "./exchange.ts";

/** What sends one exchange at a time: a connection of HTTP/1.1, or one of the streams that an HTTP/2 session may have open. */
export interface Carrier extends WireOwner {
  /** Kept by the pool: it lies among the idle ones. */
  idle: boolean;
  /** False once it can carry nothing more. */
  readonly alive: boolean;
  /** It can serve an exchange now. */
  readonly free: boolean;
  /** Starts an exchange. False where its request was refused as invalid; the exchange has failed then, the carrier not. */
  serve(exchange: Exchange): boolean;
  /** Breaks the connection below it. */
  destroy(): void;
}

/** What becomes of a carrier. */
export interface CarrierEvents {
  gone(carrier: Carrier): void;
  /** The wire is done with the exchange that it served; it is not free yet. */
  done(carrier: Carrier): void;
  /** It died before the exchange began. */
  reroute(exchange: Exchange): boolean;
}

/** How long sockets are kept and waited on. */
export interface ConnectionSettings {
  readonly headersTimeoutMs: number;
  readonly bodyTimeoutMs: number;
  /** Without a hint of the server. */
  readonly idleMs: number;
}

/** Where the carriers of a connection join. */
export interface SessionHost extends CarrierEvents {
  readonly origin: string;
  readonly settings: ConnectionSettings;
  readonly clock: Clock;
  /** So many more carriers may join. */
  room(): number;
  joined(carriers: readonly Carrier[]): void;
  /** The server wants HTTP/1.1: the next connections offer nothing else. */
  wantsHttp1(): void;
}

/** Gives an open connection, which nobody has used yet, to a pool. */
export type JoinPool = (host: SessionHost) => void;
