import type { Deadline, EndListener } from "../deadline.ts";
import type { ConnectorError } from "../errors.ts";
import type {
  IncomingBody,
  ResponseHeaders,
  Sink,
  Transport,
  TransportError,
  WireRequest,
} from "../ports.ts";

/** An answer as it came: head and decoded bytes. */
export interface Received {
  readonly kind: "received";
  readonly status: number;
  readonly headers: ResponseHeaders;
  readonly chunks: readonly Uint8Array[];
  /** `close`: a cut body cannot be told from a whole one by its framing. */
  readonly framing: IncomingBody["framing"];
  readonly protocol?: IncomingBody["protocol"];
}

/** No answer, or half of one. */
export interface Failed {
  readonly kind: "failed";
  readonly error: TransportError;
  /** The head, where it came before the failure. */
  readonly status: number | undefined;
}

/** The call's end came first. `sent` says whether request bytes may have reached the server. */
export interface Cut {
  readonly kind: "cut";
  readonly error: ConnectorError;
  readonly sent: boolean;
}

/** How sending ends. */
export type Ending = Received | Failed | Cut;

/**
 * Sends one request and gathers its answer: told by the transport what comes, by the deadline that it must end. Every
 * ending is a value; an answer that came whole is this object itself.
 */
export abstract class Sending implements Sink, EndListener, Received {
  status = 0;
  headers: ResponseHeaders = noHeaders;
  chunks: readonly Uint8Array[] = none;
  framing: IncomingBody["framing"] = "none";
  protocol: IncomingBody["protocol"] = undefined;
  readonly #deadline: Deadline;
  #more: Uint8Array[] | undefined = undefined;
  #abort: (() => void) | undefined = undefined;
  #sent = false;
  #finished = false;
  #headed = false;

  constructor(deadline: Deadline) {
    this.#deadline = deadline;
  }

  /** Hears how it ended: once, unless a transport of the host's own tells more than one end. */
  protected abstract over(ending: Ending): void;

  get kind(): "received" {
    return "received";
  }

  start(transport: Transport, request: WireRequest): void {
    this.#abort = transport.send(request, this);
    if (!this.#finished) this.#deadline.listen(this);
  }

  sent(): void {
    this.#sent = true;
  }

  head(status: number, headers: ResponseHeaders, body: IncomingBody): void {
    this.#headed = true;
    this.status = status;
    this.headers = headers;
    this.framing = body.framing;
    this.protocol = body.protocol;
  }

  /** Nearly always there is one: a list that grows has room for many. */
  data(chunk: Uint8Array): void {
    if (this.chunks.length === 0) this.chunks = [chunk];
    else if (this.#more) this.#more.push(chunk);
    else {
      this.#more = [...this.chunks, chunk];
      this.chunks = this.#more;
    }
  }

  end(): void {
    if (this.#headed) this.#finish(this);
    else this.fail({ kind: "protocol", message: "The answer had no head.", sent: this.#sent });
  }

  fail(error: TransportError): void {
    this.#finish({ kind: "failed", error, status: this.#headed ? this.status : undefined });
  }

  /** The call's end comes first. */
  ended(error: ConnectorError): void {
    this.#abort?.();
    this.#finish({ kind: "cut", error, sent: this.#sent });
  }

  #finish(ending: Ending): void {
    this.#finished = true;
    this.#abort = undefined;
    this.#deadline.unlisten(this);
    this.over(ending);
  }
}

const none: readonly never[] = [];

/** Of an answer whose head has not come. */
const noHeaders: ResponseHeaders = { get: () => undefined, setCookie: none, entries: () => none };
