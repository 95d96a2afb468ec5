import type { ClientHttp2Session, ClientHttp2Stream, OutgoingHttpHeaders } from "node:http2";
import { constants } from "node:http2";
import type { Socket } from "node:net";
import type { TimerHandle } from "../ports.ts";
import type { Carrier, ConnectionSettings, SessionHost } from "./carrier.ts";
import type { Exchange } from "./exchange.ts";
import { connectionGone } from "./exchange.ts";
import type { Failure } from "./failure.ts";
import { refusedRequest, WireFailure } from "./failure.ts";
import { Http2Exchange, type StreamHost } from "./http2-exchange.ts";
import { streamFailure } from "./http2-failure.ts";
import { requestHead } from "./http2-head.ts";

/** A server that lives answers a PING at once. */
const pingMs = 5_000;

/** Streams have odd numbers below 2^31, each used once (RFC 9113, 5.1.1). */
const lastStream = 2 ** 30;

/**
 * One HTTP/2 session, as so many carriers as it may have streams open: to the pool each is a connection that serves one
 * exchange at a time. A session that is to end gives up its free carriers at once, and ends when the last busy one is done.
 */
export class Http2Connection implements StreamHost {
  readonly session: ClientHttp2Session;
  readonly #socket: Socket;
  readonly #host: SessionHost;
  readonly #carriers = new Set<Http2Carrier>();
  #busy = 0;
  #ending = false;
  /** The server takes no notice of streams above it. */
  #lastTaken = Number.POSITIVE_INFINITY;
  #ping: TimerHandle | undefined = undefined;

  constructor(session: ClientHttp2Session, socket: Socket, host: SessionHost) {
    this.session = session;
    this.#socket = socket;
    this.#host = host;
    session.on("goaway", (code, last) => this.#goaway(code, last));
    session.on("remoteSettings", () => this.#fit());
    socket.once("close", () => this.#gone());
    session.on("timeout", () => this.#endSoon());
    this.#rest();
    this.#fit();
    if (this.#carriers.size === 0) this.destroy();
  }

  get settings(): ConnectionSettings {
    return this.#host.settings;
  }

  get usable(): boolean {
    return !this.#ending && !this.session.closed && !this.session.destroyed;
  }

  taken(): void {
    if (this.#busy++ > 0) return;
    this.session.setTimeout(0);
    this.session.ref();
  }

  /** Idle: no reason for the process to live on, and closed when it is not used soon. */
  #rest(): void {
    this.session.setTimeout(this.#host.settings.idleMs);
    this.session.unref();
  }

  freed(carrier: Http2Carrier): void {
    this.#busy--;
    this.#host.done(carrier);
    if (this.usable) {
      if (this.#carriers.size > streamsOf(this.session)) this.#giveUp(carrier);
      if (this.#busy === 0) this.#rest();
    } else if (this.#busy === 0) this.destroy();
    else this.#giveUp(carrier);
  }

  reroute(exchange: Exchange): boolean {
    return this.#host.reroute(exchange);
  }

  destroy(): void {
    this.#ending = true;
    this.session.destroy();
    this.#socket.destroy(); // the session alone may wait for what it wants to write first
  }

  /** An exchange got no answer in its time. A server that hears no more must not cost all later ones theirs. */
  unanswered(): void {
    if (this.#ping !== undefined || this.session.destroyed) return;
    const timer = this.#host.clock.timer(pingMs, () => this.destroy());
    this.#ping = timer;
    this.session.ping(() => {
      timer.cancel();
      this.#ping = undefined;
    });
  }

  failureOf(stream: ClientHttp2Stream, headSeen: boolean): Failure {
    const code = stream.rstCode;
    if (code === constants.NGHTTP2_HTTP_1_1_REQUIRED) this.#wantsHttp1();
    return streamFailure({
      origin: this.#host.origin,
      headSeen,
      code,
      ignored: (stream.id ?? 0) > this.#lastTaken,
      lost: this.session.destroyed,
    });
  }

  request(head: OutgoingHttpHeaders, follows: boolean): ClientHttp2Stream {
    const stream = this.session.request(head, { endStream: !follows });
    if ((stream.id ?? 0) > lastStream) this.#endSoon(); // a new session begins its numbers anew
    return stream;
  }

  #goaway(code: number, last: number): void {
    this.#lastTaken = last;
    if (code === constants.NGHTTP2_HTTP_1_1_REQUIRED) this.#wantsHttp1();
    this.#endSoon();
  }

  #wantsHttp1(): void {
    this.#host.wantsHttp1();
    this.#endSoon();
  }

  /** As many carriers as the server lets us have streams, and the pool has room for. */
  #fit(): void {
    const most = streamsOf(this.session);
    if (most === 0) this.#endSoon();
    if (!this.usable) return;
    const more = Math.min(most - this.#carriers.size, this.#host.room());
    const joining = Array.from({ length: Math.max(0, more) }, () => new Http2Carrier(this));
    for (const carrier of joining) this.#carriers.add(carrier);
    if (joining.length > 0) this.#host.joined(joining);
    for (const carrier of this.#carriers)
      if (this.#carriers.size > most && carrier.free) this.#giveUp(carrier);
  }

  #endSoon(): void {
    if (this.#ending) return;
    if (this.#busy === 0) {
      this.destroy();
      return;
    }
    const free = [...this.#carriers].filter((carrier) => carrier.free);
    this.#ending = true;
    for (const carrier of free) this.#giveUp(carrier);
  }

  #giveUp(carrier: Http2Carrier): void {
    this.#carriers.delete(carrier);
    carrier.givenUp = true;
    this.#host.gone(carrier);
  }

  #gone(): void {
    this.#ending = true;
    this.#ping?.cancel();
    for (const carrier of this.#carriers) this.#giveUp(carrier);
  }
}

/** One of the streams that a session may have open. */
class Http2Carrier implements Carrier {
  readonly protocol = "2";
  idle = false;
  givenUp = false;
  readonly #connection: Http2Connection;
  #serving = false;

  constructor(connection: Http2Connection) {
    this.#connection = connection;
  }

  get alive(): boolean {
    return !this.givenUp && this.#connection.usable;
  }

  get free(): boolean {
    return !this.#serving && this.alive;
  }

  serve(exchange: Exchange): boolean {
    exchange.owner = this;
    this.#serving = true;
    this.#connection.taken();
    const head = requestHead(exchange.request);
    if (head === undefined) {
      const { origin } = exchange.request;
      exchange.onError(new WireFailure(refusedRequest({ origin, headSeen: false })));
      return false;
    }
    // A turn later, as undici does: by then the session knows of an end that the server has sent before.
    setImmediate(() => {
      if (this.#connection.usable || exchange.settled) {
        const running = new Http2Exchange(exchange, this.#connection);
        running.start(head);
      } else exchange.onError(Object.assign(new Error("the session is gone"), { code: connectionGone }));
    });
    return true;
  }

  reroute(exchange: Exchange): boolean {
    return this.#connection.reroute(exchange);
  }

  wireDone(exchange: Exchange): void {
    exchange.owner = undefined;
    this.#serving = false;
    this.#connection.freed(this);
  }

  destroy(): void {
    this.#connection.destroy();
  }
}

/** The streams that the server lets us have open at a time; 0 before it has said so. */
export function streamsOf(session: ClientHttp2Session): number {
  return session.destroyed ? 0 : (session.remoteSettings.maxConcurrentStreams ?? Number.POSITIVE_INFINITY);
}
