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

/**
 * Sends one request and gathers its answer: told by the transport what comes, by the deadline that it must end. Every
 * ending is a value.
 */
export class Sending implements Sink, EndListener {
  readonly #deadline: Deadline;
  readonly #resolve: (ending: Received | Failed | Cut) => void;
  readonly #chunks: Uint8Array[] = [];
  #abort: (() => void) | undefined = undefined;
  #sent = false;
  #finished = false;
  #status = 0;
  #headers: ResponseHeaders | undefined = undefined;
  #framing: IncomingBody["framing"] = "none";
  #protocol: IncomingBody["protocol"] = undefined;

  constructor(deadline: Deadline, resolve: (ending: Received | Failed | Cut) => void) {
    this.#deadline = deadline;
    this.#resolve = resolve;
  }

  start(transport: Transport, request: WireRequest): void {
    this.#abort = transport.send(request, this);
    if (!this.#finished) this.#deadline.listen(this);
  }

  sent(): void {
    this.#sent = true;
  }

  head(status: number, headers: ResponseHeaders, body: IncomingBody): void {
    this.#status = status;
    this.#headers = headers;
    this.#framing = body.framing;
    this.#protocol = body.protocol;
  }

  data(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
  }

  end(): void {
    const headers = this.#headers;
    if (headers) {
      this.#finish({
        kind: "received",
        status: this.#status,
        headers,
        chunks: this.#chunks,
        framing: this.#framing,
        protocol: this.#protocol,
      });
    } else this.fail({ kind: "protocol", message: "The answer had no head.", sent: this.#sent });
  }

  fail(error: TransportError): void {
    this.#finish({ kind: "failed", error, status: this.#headers ? this.#status : undefined });
  }

  /** The call's end comes first. */
  ended(error: ConnectorError): void {
    this.#abort?.();
    this.#finish({ kind: "cut", error, sent: this.#sent });
  }

  #finish(ending: Received | Failed | Cut): void {
    this.#finished = true;
    this.#deadline.unlisten(this);
    this.#resolve(ending);
  }
}
