import type { ClientHttp2Stream, OutgoingHttpHeaders } from "node:http2";
import { constants } from "node:http2";
import type { ConnectionSettings } from "./carrier.ts";
import type { Exchange } from "./exchange.ts";
import { bodyTimeout, type Failure, headTimeout, headTooLarge, WireFailure } from "./failure.ts";
import { hasBody, responseFields } from "./http2-head.ts";
import { upload } from "./http2-upload.ts";

/** What a session knows of the end of its streams. */
export interface StreamHost {
  readonly settings: ConnectionSettings;
  /** Opens a stream; `follows`: a body does. */
  request(head: OutgoingHttpHeaders, follows: boolean): ClientHttp2Stream;
  /** The exchange was given up before its answer began: does anybody still listen? */
  unanswered(): void;
  /** Why a stream has no whole answer. */
  failureOf(stream: ClientHttp2Stream, headSeen: boolean): Failure;
}

/**
 * One exchange on one stream: what Node tells of the stream, told on in the manner of undici's handler. The exchange
 * hears `onComplete` or `onError`, once and last.
 */
export class Http2Exchange {
  readonly #exchange: Exchange;
  readonly #host: StreamHost;
  #stream: ClientHttp2Stream | undefined = undefined;
  #headSeen = false;
  /** END_STREAM came. Node ends the readable side for a reset with NO_ERROR just the same. */
  #whole = false;
  #over = false;
  #paused = false;
  #trailers: Buffer[] | undefined = undefined;

  constructor(exchange: Exchange, host: StreamHost) {
    this.#exchange = exchange;
    this.#host = host;
  }

  /** Sends the request, unless it is given up by now. */
  start(head: OutgoingHttpHeaders): void {
    this.#exchange.onConnect(this.#abort);
    if (this.#over) return;
    const { request } = this.#exchange;
    const follows = hasBody(request);
    let stream: ClientHttp2Stream;
    try {
      stream = this.#host.request(head, follows);
    } catch (error) {
      this.#end(error instanceof Error ? error : new Error("no stream"));
      return;
    }
    this.#stream = stream;
    this.#listen(stream);
    if (follows) upload(stream, request.body).catch(() => this.#bodyBroke());
  }

  #listen(stream: ClientHttp2Stream): void {
    stream.setTimeout(this.#host.settings.headersTimeoutMs, () => this.#late());
    stream.on("error", () => {}); // "close" follows and says all
    stream.on("response", (_headers: unknown, _flags: unknown, raw: readonly string[]) =>
      this.#head(stream, raw),
    );
    stream.on("trailers", (_headers: unknown, _flags: unknown, raw: readonly string[]) => {
      this.#trailers = this.#fieldsOf(raw);
    });
    stream.on("end", () => this.#ended());
    stream.once("close", () => this.#closed(stream));
    this.#watchEnd(stream);
  }

  /**
   * Node closes a stream that was reset before it ends its readable side, and ends that of any other before it closes
   * it: the only sign by which a body that was cut with NO_ERROR differs from a whole one.
   */
  #watchEnd(stream: ClientHttp2Stream): void {
    const push = stream.push;
    stream.push = (chunk, encoding) => {
      if (chunk === null) {
        if (!stream.closed) this.#whole = true;
        if (!this.#headSeen) stream.resume(); // else nobody reads it to its end
      }
      return push.call(stream, chunk, encoding);
    };
  }

  #head(stream: ClientHttp2Stream, raw: readonly string[]): void {
    if (this.#over) return;
    const fields = this.#fieldsOf(raw);
    if (fields === undefined) return;
    this.#headSeen = true;
    stream.setTimeout(this.#host.settings.bodyTimeoutMs);
    const status = Number(raw[1]); // the only pseudo-header of an answer, and so the first (RFC 9113, 8.3)
    this.#paused = !this.#exchange.onHeaders(status, fields, () => this.#resume(stream));
    if (this.#over) return;
    stream.on("data", (chunk: Buffer) => {
      if (this.#over || this.#exchange.onData(chunk)) return;
      this.#paused = true;
      stream.pause();
    });
    if (this.#paused) stream.pause();
  }

  #resume(stream: ClientHttp2Stream): void {
    if (this.#over) return;
    this.#paused = false;
    stream.setTimeout(this.#host.settings.bodyTimeoutMs);
    stream.resume();
  }

  /** Undefined where they are too many; then the exchange is over. */
  #fieldsOf(raw: readonly string[]): Buffer[] | undefined {
    const fields = responseFields(raw);
    if (fields === undefined && !this.#over)
      this.#break(headTooLarge({ origin: this.#exchange.request.origin, headSeen: this.#headSeen }));
    return fields;
  }

  #ended(): void {
    if (this.#over || !this.#whole || !this.#headSeen) return;
    this.#over = true;
    this.#stream?.setTimeout(0);
    // The answer is whole; what is left of the request has no use (RFC 9113, section 8.1).
    if (this.#stream?.writableFinished === false) this.#stream.close(constants.NGHTTP2_CANCEL);
    this.#exchange.onComplete(this.#trailers ?? null);
  }

  #closed(stream: ClientHttp2Stream): void {
    if (!this.#over) this.#end(new WireFailure(this.#host.failureOf(stream, this.#headSeen)));
  }

  #late(): void {
    if (this.#over || this.#paused) return; // where nobody reads, nothing has to come
    const late = this.#headSeen ? bodyTimeout : headTimeout;
    this.#break(late({ origin: this.#exchange.request.origin, headSeen: this.#headSeen }));
  }

  /** A stream that was to be sent failed: the exchange knows how. */
  #bodyBroke(): void {
    if (!this.#over) this.#break({ kind: "body", message: "the request's body broke off" });
  }

  readonly #abort = (error: Error): void => {
    if (this.#over) return;
    this.#end(error);
  };

  #break(failure: Failure): void {
    this.#end(new WireFailure(failure));
  }

  /** The stream goes first: nobody may take a body that is cancelled for one that has ended. */
  #end(error: Error): void {
    this.#over = true;
    const stream = this.#stream;
    if (stream !== undefined && !stream.closed) {
      stream.setTimeout(0);
      if (!this.#headSeen) this.#host.unanswered();
      stream.close(constants.NGHTTP2_CANCEL);
      stream.resume(); // what has come is dropped
    }
    this.#exchange.onError(error);
  }
}
