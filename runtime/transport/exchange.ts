import type { Dispatcher } from "undici";
import type { BodyStream, IncomingBody, Sink, TransportError, WireRequest } from "../ports.ts";
import type { BodyDecoder, DecoderOutput } from "./body-decoder.ts";
import { contentCodings, createBodyDecoder, knownCodings } from "./body-decoder.ts";
import { BodyMeter } from "./body-meter.ts";
import type { Failure } from "./failure.ts";
import { codeOf, exchangeFailure } from "./failure.ts";
import type { Place } from "./queue.ts";
import { createResponseHeaders } from "./response-headers.ts";

/** The connection that serves an exchange hears when the wire is done with it; the sink may still be fed. */
export interface WireOwner {
  readonly protocol: "1.1" | "2";
  /** The socket died before anything was written: serve it elsewhere. Answers false where nobody can. */
  reroute(exchange: Exchange): boolean;
  wireDone(exchange: Exchange): void;
}

/** Marks the error of a client whose one socket is gone. */
export const connectionGone = "CONNECTORC_CONNECTION_GONE";

/**
 * One request and its response: undici's handler on one side, the sink on the other. It settles exactly once: by
 * `end`, `fail` or `abort`, and calls the sink no more after that.
 *
 * The handler is of undici's older kind, which gets the head as bytes: the newer one is a wrapper around it that makes
 * an object of all headers and a controller for every request.
 */
export class Exchange implements Dispatcher.DispatchHandler, IncomingBody, DecoderOutput {
  readonly request: WireRequest;
  framing: IncomingBody["framing"] = "none";
  protocol: IncomingBody["protocol"] = undefined;
  owner: WireOwner | undefined = undefined;
  /** Where it waits for a connection. */
  inLine: Place | undefined = undefined;
  /** Among those that run. */
  place: Place | undefined = undefined;
  readonly #sink: Sink;
  readonly #onSettled: (exchange: Exchange) => void;
  readonly #meter: BodyMeter;
  #abortWire: ((error: Error) => void) | undefined = undefined;
  #resumeParser: (() => void) | undefined = undefined;
  #wirePaused = false;
  #decoder: BodyDecoder | undefined = undefined;
  #settled = false;
  #sent = false;
  #headSeen = false;
  #wireEnded = false;
  #decoderEnded = false;
  #consumerPaused = false;
  #decoderFull = false;
  #trailers: readonly Uint8Array[] | undefined = undefined;

  /** `onSettled` is told once, before the sink hears how it ended. */
  constructor(request: WireRequest, sink: Sink, onSettled: (exchange: Exchange) => void) {
    this.request = request;
    this.#sink = sink;
    this.#onSettled = onSettled;
    this.#meter = new BodyMeter(request.limits);
  }

  get settled(): boolean {
    return this.#settled;
  }

  /** No byte of the request has gone out yet. */
  get unsent(): boolean {
    return !this.#sent;
  }

  // --- the caller's side ---

  /** Ends the exchange without a word to the sink and frees its socket. */
  abort(): void {
    if (this.#settled) return;
    this.#settle();
    this.#stopWire();
  }

  /** Ends the exchange with an error. */
  fail(failure: Failure): void {
    if (this.#settled) return;
    const error: TransportError = { ...failure, sent: this.#sent };
    this.#settle();
    this.#stopWire();
    this.#sink.fail(error);
  }

  pause(): void {
    this.#consumerPaused = true;
    if (this.#decoder === undefined) this.#wirePaused = true;
    else this.#decoder.pause();
  }

  resume(): void {
    this.#consumerPaused = false;
    if (this.#decoder === undefined) this.#resumeWire();
    else this.#decoder.resume();
  }

  // --- the wire's side: undici calls these ---

  /** Called right before the head is written: the last moment at which nothing has been sent. */
  onConnect(abort: (error: Error) => void): void {
    this.#abortWire = abort;
    if (!this.#settled) this.#sink.connected?.();
    if (this.#settled) {
      abort(new Error("aborted"));
      return;
    }
    this.#sent = true;
    this.#sink.sent?.();
    if (this.#settled) abort(new Error("aborted"));
  }

  /** As `onData`, false pauses the wire. */
  onHeaders(status: number, raw: Buffer[], resume: () => void): boolean {
    this.#resumeParser = resume;
    if (this.#settled || status < 200) return true; // informational responses precede the real one (RFC 9110, 15.2)
    this.#headSeen = true;
    this.protocol = this.owner?.protocol;
    const headers = createResponseHeaders(raw);
    const length = headers.get("content-length");
    this.framing = framingOf(this.request.method, status, headers.get("transfer-encoding"), length);
    // HTTP/2 says itself where a body ends (RFC 9113, section 8.1).
    if (this.framing === "close" && this.protocol === "2") this.framing = "chunked";
    const codings = this.framing === "none" ? [] : contentCodings(headers.get("content-encoding"));
    if (codings !== "unsupported" && codings.length > 0)
      this.#decoder = createBodyDecoder(codings, this.request.limits, this);
    this.#sink.head(status, headers, this);
    if (codings === "unsupported") {
      this.fail({
        kind: "decode",
        message: `${this.request.origin} uses a content-encoding that is not supported (of ${knownCodings} up to three are)`,
      });
    } else if (codings.length === 0 && this.framing === "length") {
      this.#judge(this.#meter.announced(Number(length)));
    }
    return !this.#wirePaused;
  }

  onData(chunk: Buffer): boolean {
    if (this.#settled || this.#judge(this.#meter.received(chunk.length))) return true;
    if (this.#decoder === undefined) {
      this.data(chunk);
    } else if (!this.#decoder.write(chunk)) {
      this.#decoderFull = true;
      this.#wirePaused = true;
    }
    return !this.#wirePaused;
  }

  onComplete(trailers: (string | Uint8Array)[] | null): void {
    this.#wireEnded = true;
    this.#trailers = trailers?.filter((part) => typeof part !== "string");
    this.owner?.wireDone(this);
    if (this.#settled) return;
    if (this.#decoder === undefined || this.#decoderEnded) this.#end();
    else this.#decoder.end();
  }

  onError(error: Error): void {
    const owner = this.owner;
    this.#wireEnded = true;
    owner?.wireDone(this);
    if (this.#settled) return;
    const gone = "code" in error && error.code === connectionGone;
    if (gone && !this.#sent && owner !== undefined) {
      this.#wireEnded = false;
      if (owner.reroute(this)) return;
    }
    if (this.#headSeen && this.framing === "none" && isLengthMismatch(error)) {
      this.#end();
      return;
    }
    const { body } = this.request;
    const broken = isStream(body) ? body.failure : undefined;
    if (broken !== undefined) this.fail({ kind: "body", message: `a part of the request's body ${broken}` });
    else this.fail(exchangeFailure(error, { origin: this.request.origin, headSeen: this.#headSeen }));
  }

  // --- the decoder's side ---

  data(chunk: Uint8Array): void {
    if (this.#judge(this.#meter.decoded(chunk.length))) return;
    this.#sink.data(chunk);
  }

  drained(): void {
    this.#decoderFull = false;
    this.#resumeWire();
  }

  ended(): void {
    this.#decoderEnded = true;
    if (this.#wireEnded) this.#end();
    else if (this.#decoderFull) this.drained(); // what follows the coded text is read and dropped
  }

  excessive(complaint: string): void {
    this.#judge(complaint);
  }

  failed(cut: boolean): void {
    const kind = cut ? "truncated" : "decode";
    const what = cut ? "stops in the middle of its compressed text" : "is not what its content-encoding says";
    this.fail({ kind, message: `the response body of ${this.request.origin} ${what}` });
  }

  #end(): void {
    if (this.#settled) return;
    const trailers = this.#trailers;
    this.#settle();
    const any = trailers !== undefined && trailers.length > 0;
    this.#sink.end(any ? createResponseHeaders(trailers) : undefined);
  }

  /** True where there was a complaint, which has then ended the exchange. */
  #judge(complaint: string | undefined): boolean {
    if (complaint === undefined) return false;
    this.fail({ kind: "too_large", message: `${this.request.origin}: ${complaint}` });
    return true;
  }

  #settle(): void {
    this.#settled = true;
    const { body } = this.request;
    if (isStream(body)) body.cancel();
    this.#onSettled(this);
  }

  #stopWire(): void {
    this.#decoder?.destroy();
    if (!this.#wireEnded) this.#abortWire?.(new Error("aborted"));
  }

  /** Later, since undici's parser must not be entered again from inside one of its own calls. */
  #resumeWire(): void {
    queueMicrotask(() => {
      const held = this.#decoder === undefined ? this.#consumerPaused : this.#decoderFull;
      if (held || this.#wireEnded || !this.#wirePaused) return;
      this.#wirePaused = false;
      this.#resumeParser?.();
    });
  }
}

/** A body that is sent while it is read. */
export function isStream(body: WireRequest["body"]): body is BodyStream {
  return typeof body === "object" && !(body instanceof Uint8Array);
}

/** undici looks for a body where a 304 tells the length that it would have had (RFC 9110, 8.6), or a 204 one of its own. */
function isLengthMismatch(error: Error): boolean {
  return codeOf(error) === "UND_ERR_RES_CONTENT_LENGTH_MISMATCH";
}

/** How the end of a body is known (RFC 9112, 6.3). */
function framingOf(
  method: string,
  status: number,
  transferEncoding: string | undefined,
  contentLength: string | undefined,
): IncomingBody["framing"] {
  if (method === "HEAD" || status === 204 || status === 304) return "none";
  if (transferEncoding !== undefined)
    return /(^|,)\s*chunked\s*$/i.test(transferEncoding) ? "chunked" : "close";
  return contentLength === undefined ? "close" : "length";
}
