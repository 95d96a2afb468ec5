import type { Grant, Lane, PaceRequest, Pacer } from "../pacing/pacer.ts";
import type {
  BodyLimits,
  ClientCertificate,
  IncomingBody,
  ResponseHeaders,
  Sink,
  Slot,
  Transport,
  TransportError,
  WireRequest,
} from "../ports.ts";
import { isPromise } from "../settled.ts";
import { LiveBody, type LiveSettings } from "./live-body.ts";

/** So much of an answer is read before it is handed over, where a rule looks into bodies. */
const peekBytes = 64 * 1024;

/**
 * How the body of an answer is taken: `whole` before anything is decided (failures, redirects); `live` from its first byte;
 * `peek`: whole where it is short, live where it is longer.
 */
export type Taking = "whole" | "live" | "peek";

export interface TapOptions extends Omit<LiveSettings, "origin"> {
  readonly taking: (status: number) => Taking;
  /** Of bodies that are read whole. */
  readonly wholeLimits: BodyLimits;
}

/**
 * The transport of one streamed call. To the executor an answer that is taken live has an empty body; the body itself
 * goes on to its reader, and the connection slot and the pacer's grant stay taken until it is over.
 */
export class TapTransport implements Transport {
  readonly #inner: Transport;
  readonly #options: TapOptions;
  #live: LiveBody | undefined = undefined;

  constructor(inner: Transport, options: TapOptions) {
    this.#inner = inner;
    this.#options = options;
  }

  /** The body of the last answer, where that was taken live. */
  get live(): LiveBody | undefined {
    return this.#live;
  }

  send(request: WireRequest, sink: Sink): () => void {
    this.#drop();
    const tap = new Tap(sink, { ...this.#options, origin: request.origin }, (live) => {
      this.#live = live;
    });
    return tap.start(this.#inner, request);
  }

  slot(origin: string, client?: ClientCertificate): Slot | undefined {
    this.#drop();
    const slot = this.#inner.slot(origin, client);
    return slot && this.#held(slot);
  }

  waitForSlot(origin: string, granted: (slot: Slot) => void, client?: ClientCertificate): () => void {
    this.#drop();
    return this.#inner.waitForSlot(origin, (slot) => granted(this.#held(slot)), client);
  }

  close(graceMs: number): Promise<void> {
    return this.#inner.close(graceMs);
  }

  inspect(): ReturnType<Transport["inspect"]> {
    return this.#inner.inspect();
  }

  /** A pacer whose grants last as long as the body. */
  pacer(inner: Pacer): Pacer {
    const held = (grant: Grant): Grant => ({
      waitedMs: grant.waitedMs,
      refund: () => grant.refund(),
      release: () => this.#whenOver(() => grant.release()),
    });
    return {
      lane: (limits, tenant) => inner.lane(limits, tenant),
      acquire: (lane: Lane, request: PaceRequest) => {
        const grant = inner.acquire(lane, request);
        return isPromise(grant) ? grant.then(held) : held(grant);
      },
      feedback: (limit, said) => inner.feedback(limit, said),
      inspect: () => inner.inspect(),
      close: () => inner.close(),
    };
  }

  /** Another attempt begins: what is left of the last one is not wanted, and holds up its slot. */
  #drop(): void {
    this.#live?.cancel();
    this.#live = undefined;
  }

  #held(slot: Slot): Slot {
    return { release: () => this.#whenOver(() => slot.release()) };
  }

  #whenOver(tell: () => void): void {
    if (this.#live) this.#live.whenOver(tell);
    else tell();
  }
}

/** One exchange: on to the executor's sink, or from some byte on to a live body. */
class Tap implements Sink {
  readonly #sink: Sink;
  readonly #settings: TapOptions & LiveSettings;
  readonly #wentLive: (live: LiveBody) => void;
  #abort: (() => void) | undefined = undefined;
  #over = false;
  #taking: Taking = "whole";
  #live: LiveBody | undefined = undefined;
  #head:
    | { readonly status: number; readonly headers: ResponseHeaders; readonly body: IncomingBody }
    | undefined = undefined;
  readonly #peeked: Uint8Array[] = [];
  #bytes = 0;
  #sent = false;

  constructor(sink: Sink, settings: TapOptions & LiveSettings, wentLive: (live: LiveBody) => void) {
    this.#sink = sink;
    this.#settings = settings;
    this.#wentLive = wentLive;
  }

  /** The executor's abort is for the time before it has its answer: a live body is cancelled by its reader. */
  start(transport: Transport, request: WireRequest): () => void {
    this.#abort = transport.send(request, this);
    return () => {
      if (this.#live) return;
      this.#over = true;
      this.#abort?.();
    };
  }

  connected(): void {
    this.#sink.connected?.();
  }

  sent(): void {
    this.#sent = true;
    this.#sink.sent?.();
  }

  head(status: number, headers: ResponseHeaders, body: IncomingBody): void {
    this.#taking = this.#settings.taking(status);
    this.#head = { status, headers, body };
    if (this.#taking === "whole") this.#sink.head(status, headers, body);
    else if (this.#taking === "live") this.#goLive();
  }

  data(chunk: Uint8Array): void {
    if (this.#live) this.#live.data(chunk);
    else if (this.#over) return;
    else if (this.#taking === "whole") this.#dataOfWhole(chunk);
    else {
      this.#peeked.push(chunk);
      this.#bytes += chunk.length;
      if (this.#bytes > peekBytes) this.#goLive();
    }
  }

  end(trailers?: ResponseHeaders): void {
    if (this.#live) this.#live.end();
    else if (!this.#over) {
      this.#giveHead();
      this.#sink.end(trailers);
    }
  }

  fail(error: TransportError): void {
    if (this.#live) this.#live.fail(error);
    else if (!this.#over) {
      this.#giveHead();
      this.#sink.fail(error);
    }
  }

  /** The executor gets head and first bytes, for the rules, and an end; the reader gets all bytes. */
  #goLive(): void {
    const head = this.#head;
    if (!head) return;
    const live = new LiveBody(head.body, () => this.#abort?.(), this.#settings);
    this.#live = live;
    this.#wentLive(live);
    for (const chunk of this.#peeked) live.data(chunk);
    this.#giveHead();
    this.#sink.end();
  }

  #giveHead(): void {
    const head = this.#head;
    if (!head || this.#taking === "whole") return;
    this.#sink.head(head.status, head.headers, head.body);
    for (const chunk of this.#peeked.splice(0)) this.#sink.data(chunk);
  }

  #dataOfWhole(chunk: Uint8Array): void {
    this.#bytes += chunk.length;
    const { maxBytes } = this.#settings.wholeLimits;
    if (this.#bytes <= maxBytes) {
      this.#sink.data(chunk);
      return;
    }
    this.#over = true;
    this.#abort?.();
    this.#sink.fail({
      kind: "too_large",
      message: `the response body exceeds ${maxBytes} bytes`,
      sent: this.#sent,
    });
  }
}
