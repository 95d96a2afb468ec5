import type { SecureContext } from "node:tls";
import { ConnectorError } from "../errors.ts";
import type { ClientCertificate, Clock, Sink, Slot, Transport, WireRequest } from "../ports.ts";
import type { ConnectSettings } from "./connect.ts";
import { createConnector, presenting, targetOf, trusting } from "./connect.ts";
import { judgeOrigin, parseNetworkRules } from "./destination.ts";
import { Exchange } from "./exchange.ts";
import type { Failure } from "./failure.ts";
import { prepareHttp1 } from "./http1.ts";
import { judgeAhead } from "./judge-ahead.ts";
import type { Lookup } from "./lookup.ts";
import { OriginPool } from "./origin-pool.ts";
import { parseProxy } from "./proxy.ts";
import { Queue } from "./queue.ts";

/** What a service may say about its network. */
export interface NetworkOptions {
  /** Destinations beyond the public internet over https: `host`, `*.host`, an IP address, a CIDR block, each with an optional `:port`. */
  readonly allow?: readonly string[];
  /** Certificates of private authorities, in PEM, trusted beside the known ones. */
  readonly ca?: string;
  /** `http://host:port` or `https://host:port`, with `user:password@` where it asks for them: all sockets are tunnels through it. */
  readonly proxy?: string;
  /** Destinations that are reached without the proxy; written as in `allow`. */
  readonly proxyExcept?: readonly string[];
  /** At most so many connections, and so exchanges, for one origin at a time; 32 by default. */
  readonly connectionsPerOrigin?: number;
  /** For name look-up, TCP and TLS together; 10 s by default. */
  readonly connectTimeoutMs?: number;
  /** From the request's last byte to the response's head; 300 s by default, since a call's deadline comes first. */
  readonly headersTimeoutMs?: number;
  /** Between two pieces of a body; 300 s by default. */
  readonly bodyTimeoutMs?: number;
  /**
   * `"auto"`, the default: HTTP/2 where a server over TLS offers it (ALPN), else HTTP/1.1 on the same socket. `false`:
   * always HTTP/1.1. The streams of a session count as connections.
   */
  readonly http2?: "auto" | false;
  /** How names are resolved, in the manner of `dns.lookup` (asked for all addresses). */
  readonly lookup?: Lookup;
}

/** The transport over undici: a pool of judged connections for each origin. Never follows a redirect. */
export function createTransport(options: {
  readonly network?: NetworkOptions;
  readonly clock: Clock;
}): Transport {
  prepareHttp1();
  return new UndiciTransport(options.network ?? {}, options.clock);
}

class UndiciTransport implements Transport {
  readonly #network: NetworkOptions;
  readonly #connect: ConnectSettings;
  readonly #places = new Map<string, { readonly pool: OriginPool }>();
  /** A linked line, not a Set: the churn of a Set's tables costs more than the whole exchange, in garbage collection. */
  readonly #running = new Queue<Exchange>();
  #closed: Promise<void> | undefined;
  #onIdle: () => void = () => {};

  constructor(network: NetworkOptions, clock: Clock) {
    this.#network = network;
    this.#connect = {
      rules: parseNetworkRules(network.allow ?? []),
      timeoutMs: network.connectTimeoutMs ?? 10_000,
      clock,
      ...(network.proxy === undefined ? {} : { proxy: parseProxy(network.proxy, network.proxyExcept ?? []) }),
      ...(network.lookup === undefined ? {} : { lookup: network.lookup }),
      ...(network.ca === undefined ? {} : { secureContext: contextOf(network.ca) }),
    };
  }

  send(request: WireRequest, sink: Sink): () => void {
    const exchange = new Exchange(request, sink, this.#settled);
    exchange.place = this.#running.add(exchange);
    const place =
      this.#closed === undefined ? this.#place(request.origin, request.client) : closedPlace(request.origin);
    if ("failure" in place) {
      queueMicrotask(() => exchange.fail(place.failure)); // not before the caller holds the abort function
      return () => exchange.abort();
    }
    const { pool } = place;
    pool.send(exchange);
    return () => {
      exchange.abort();
      pool.leave(exchange);
    };
  }

  readonly #settled = (exchange: Exchange): void => {
    exchange.place?.leave();
    if (this.#running.size === 0) this.#onIdle();
  };

  slot(origin: string, client?: ClientCertificate): Slot | undefined {
    if (this.#closed !== undefined) return looseSlot;
    const place = this.#place(origin, client);
    return "failure" in place ? looseSlot : place.pool.slot();
  }

  waitForSlot(origin: string, granted: (slot: Slot) => void, client?: ClientCertificate): () => void {
    const place = this.#closed === undefined ? this.#place(origin, client) : closedPlace(origin);
    if (!("failure" in place)) return place.pool.waitForSlot(granted);
    let waiting = true;
    queueMicrotask(() => {
      if (waiting) granted(looseSlot);
    });
    return () => {
      waiting = false;
    };
  }

  async judge(origin: string): Promise<string | undefined> {
    const judgement = judgeOrigin(origin, this.#connect.rules);
    if (!judgement.allowed) return blockedOrigin(origin, judgement.reason).message;
    return judgeAhead(targetOf(new URL(origin), this.#connect.rules), this.#connect);
  }

  close(graceMs: number): Promise<void> {
    this.#closed ??= this.#close(graceMs);
    return this.#closed;
  }

  inspect(): ReturnType<Transport["inspect"]> {
    return this.#pools().map(({ origin, waiting, protocol }) => {
      const running = [...this.#running.values()].filter(
        (exchange) => exchange.request.origin === origin,
      ).length;
      return { origin, running, waiting, ...(protocol === "2" ? { protocol } : {}) };
    });
  }

  async #close(graceMs: number): Promise<void> {
    for (const pool of this.#pools()) pool.dismiss();
    await this.#idle(graceMs);
    for (const exchange of [...this.#running.values()])
      exchange.fail(closedPlace(exchange.request.origin).failure);
    const pools = this.#pools();
    this.#places.clear();
    await Promise.all(pools.map((pool) => pool.close()));
  }

  #idle(graceMs: number): Promise<void> {
    if (this.#running.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = this.#connect.clock.timer(graceMs, resolve);
      this.#onIdle = () => {
        timer.cancel();
        resolve();
      };
    });
  }

  #pools(): OriginPool[] {
    return [...this.#places.values()].map(({ pool }) => pool);
  }

  /** The pool of an origin, or why there is none. Judged once; a pool that nothing holds any more is forgotten. */
  #place(origin: string, client: ClientCertificate | undefined): Place {
    const name = client === undefined ? origin : `${origin} ${client.id}`;
    const known = this.#places.get(name);
    if (known !== undefined) return known;
    const judgement = judgeOrigin(origin, this.#connect.rules);
    if (!judgement.allowed) return { failure: blockedOrigin(origin, judgement.reason) };
    const place = { pool: this.#createPool(origin, name, client) };
    this.#places.set(name, place);
    return place;
  }

  #createPool(origin: string, name: string, client: ClientCertificate | undefined): OriginPool {
    const url = new URL(origin);
    const target = targetOf(url, this.#connect.rules);
    const connect =
      client === undefined
        ? this.#connect
        : { ...this.#connect, secureContext: showing(client, this.#network.ca) };
    return new OriginPool({
      origin,
      connect: createConnector(target, connect),
      connections: this.#network.connectionsPerOrigin ?? 32,
      http2: target.secure && this.#network.http2 !== false,
      settings: {
        headersTimeoutMs: this.#network.headersTimeoutMs ?? 300_000,
        bodyTimeoutMs: this.#network.bodyTimeoutMs ?? 300_000,
        idleMs: 4_000,
      },
      clock: this.#connect.clock,
      onEmpty: (pool) => this.#forget(name, pool),
    });
  }

  #forget(name: string, pool: OriginPool): void {
    if (this.#places.get(name)?.pool === pool) this.#places.delete(name);
  }
}

type Place = { readonly pool: OriginPool } | { readonly failure: Failure };

/** For those who will hear from `send` why nothing can be sent. */
const looseSlot: Slot = { release: () => {} };

function closedPlace(origin: string): { readonly failure: Failure } {
  return { failure: { kind: "closed", message: `nothing is sent to ${origin}: the runtime was closed` } };
}

function blockedOrigin(origin: string, reason: string): Failure {
  const shown = URL.canParse(origin) ? new URL(origin).host : "the destination"; // never user information
  return {
    kind: "blocked",
    message: `${shown} is refused: ${reason}; where that is meant, list it in network.allow`,
  };
}

/** A context for one client; what cannot be read is the user's to mend. */
function showing(client: ClientCertificate, ca: string | undefined): SecureContext {
  try {
    return presenting(client, ca);
  } catch {
    // OpenSSL's words may quote the key.
    throw new ConnectorError({
      code: "configuration",
      phase: "credentials",
      message:
        "The client certificate cannot be used: certificate and key must be PEM texts that belong together. Check both under `credentials`.",
    });
  }
}

function contextOf(ca: string): ReturnType<typeof trusting> {
  try {
    return trusting(ca);
  } catch (cause) {
    throw new ConnectorError({
      code: "configuration",
      phase: "configuration",
      message: "network.ca holds no certificate that can be read; give it as PEM text.",
      cause,
    });
  }
}
