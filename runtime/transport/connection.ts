import type { Socket } from "node:net";
import { Readable } from "node:stream";
import type { Client as UndiciClient } from "undici";
import Client from "undici/lib/dispatcher/client.js";
import type { WireRequest } from "../ports.ts";
import { acceptedCodings } from "./body-decoder.ts";
import type { Carrier, CarrierEvents, ConnectionSettings } from "./carrier.ts";
import type { Exchange } from "./exchange.ts";
import { connectionGone, isStream } from "./exchange.ts";
import { maxHeaderBytes } from "./failure.ts";

/**
 * One socket with an undici client that parses HTTP on it. The client never connects by itself: its socket is open
 * and judged when it gets it, and when the socket is gone, so is the connection.
 */
export class Connection implements Carrier {
  readonly #socket: Socket;
  readonly #client: UndiciClient;
  readonly #events: CarrierEvents;
  #handedOver = false;
  #dead = false;
  #serving = false;
  /** The headers of the last exchange as given and as sent: most exchanges of an operation share one array. */
  #given: readonly string[] = [];
  #sent: string[] = [];

  constructor(origin: string, socket: Socket, settings: ConnectionSettings, events: CarrierEvents) {
    this.#socket = socket;
    this.#events = events;
    this.#client = new Client(origin, {
      connect: (_target, handOver) => this.#handOver(handOver),
      pipelining: 1,
      headersTimeout: settings.headersTimeoutMs,
      bodyTimeout: settings.bodyTimeoutMs,
      maxHeaderSize: maxHeaderBytes,
      keepAliveTimeout: settings.idleMs,
      keepAliveTimeoutThreshold: 1_000, // promise 3: never on a socket idle past the server's hint less 1 s
      keepAliveMaxTimeout: 600_000,
    });
    socket.once("close", () => {
      this.#dead = true;
      events.gone(this);
    });
    socket.on("error", () => {}); // "close" follows and says all
    this.#keepWarm(settings.idleMs);
  }

  idle = false;
  readonly protocol = "1.1";

  get alive(): boolean {
    return !this.#dead && !this.#socket.destroyed;
  }

  get free(): boolean {
    return !this.#serving && this.alive;
  }

  serve(exchange: Exchange): boolean {
    exchange.owner = this;
    this.#serving = true;
    const { path, method, headers, body, idempotent } = exchange.request;
    this.#client.dispatch(
      // One exchange at a time: nothing is behind it that it could block.
      {
        path,
        method,
        headers: withLength(this.#withAcceptEncoding(headers), body),
        idempotent,
        body: isStream(body) ? Readable.from(body, { objectMode: false }) : (body ?? null),
        blocking: false,
      },
      exchange,
    );
    // The client writes in a later turn of the loop, so an exchange that is done by now was never taken.
    return exchange.owner === this;
  }

  #withAcceptEncoding(headers: readonly string[]): string[] {
    if (headers !== this.#given) {
      this.#given = headers;
      this.#sent = withAcceptEncoding(headers);
    }
    return this.#sent;
  }

  reroute(exchange: Exchange): boolean {
    return this.#events.reroute(exchange);
  }

  wireDone(exchange: Exchange): void {
    exchange.owner = undefined;
    this.#serving = false;
    this.#events.done(this);
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** Until its first exchange: no reason for the process to live on, and closed when it is not used soon. */
  #keepWarm(idleMs: number): void {
    this.#socket.unref();
    this.#socket.setTimeout(idleMs, this.#drop);
  }

  readonly #drop = (): void => {
    this.#socket.destroy();
  };

  /** Not in this turn: undici looks for the request to write only once its connect call has returned. */
  #handOver(done: Handed): void {
    queueMicrotask(() => {
      if (this.#handedOver || !this.alive) {
        done(Object.assign(new Error("the connection is gone"), { code: connectionGone }), null);
        return;
      }
      this.#handedOver = true;
      this.#socket.setTimeout(0);
      this.#socket.off("timeout", this.#drop);
      this.#socket.ref();
      done(null, this.#socket);
    });
  }
}

type Handed = (...result: [null, Socket] | [Error, null]) => void;

/** The client knows the length of what is at hand; of a stream it must be told. */
function withLength(headers: string[], body: WireRequest["body"]): string[] {
  const length = isStream(body) ? body.length : undefined;
  return length === undefined ? headers : [...headers, "content-length", String(length)];
}

function withAcceptEncoding(headers: readonly string[]): string[] {
  for (let at = 0; at < headers.length; at += 2) if (headers[at] === "accept-encoding") return [...headers];
  return [...headers, "accept-encoding", acceptedCodings];
}
