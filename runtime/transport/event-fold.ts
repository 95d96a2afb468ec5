/** A stream of events (WHATWG HTML, 9.2) that answers one JSON-RPC request, folded into the message that is its answer. */
import type { Clock, IncomingBody, ResponseHeaders, Sink, TimerHandle, TransportError } from "../ports.ts";
import { parseMessage, type RpcMessage } from "./rpc-message.ts";

/** How long a server may take to close a stream whose answer has come; afterwards we do. */
const graceMs = 50;

/** Stands before the sink of one exchange. Answers of other types pass as they are. */
export class EventFold implements Sink {
  readonly #sink: Sink;
  readonly #clock: Clock;
  readonly #changed: () => void;
  readonly #decoder = new TextDecoder();
  #head:
    | { readonly status: number; readonly headers: ResponseHeaders; readonly body: IncomingBody }
    | undefined;
  #text = "";
  #answer: string | undefined;
  #timer: TimerHandle | undefined;
  #abort: (() => void) | undefined;

  /** `changed`: the list of the server's tools is another. */
  constructor(sink: Sink, clock: Clock, changed: () => void) {
    this.#sink = sink;
    this.#clock = clock;
    this.#changed = changed;
  }

  /** `send` starts the exchange with the sink that it is given, as a transport does. */
  start(send: (sink: Sink) => () => void): () => void {
    const abort = send(this);
    this.#abort = abort;
    return () => {
      this.#timer?.cancel();
      abort();
    };
  }

  connected(): void {
    this.#sink.connected?.();
  }

  sent(): void {
    this.#sink.sent?.();
  }

  head(status: number, headers: ResponseHeaders, body: IncomingBody): void {
    if (/^\s*text\/event-stream\b/i.test(headers.get("content-type") ?? ""))
      this.#head = { status, headers, body };
    else this.#sink.head(status, headers, body);
  }

  data(chunk: Uint8Array): void {
    if (!this.#head) this.#sink.data(chunk);
    else if (this.#answer === undefined) this.#read(this.#decoder.decode(chunk, { stream: true }));
  }

  end(trailers?: ResponseHeaders): void {
    if (!this.#head) this.#sink.end(trailers);
    else if (this.#answer !== undefined) this.#tell(this.#answer);
    else
      this.#sink.fail({
        kind: "truncated",
        message: "the stream of events ended without an answer",
        sent: true,
      });
  }

  fail(error: TransportError): void {
    if (this.#answer !== undefined) this.#tell(this.#answer);
    else this.#sink.fail(error);
  }

  /** Events end in an empty line; lines end in CR, LF or both. */
  #read(piece: string): void {
    const events = `${this.#text}${piece}`.split(/\r\n\r\n|\n\n|\r\r/);
    this.#text = events.pop() ?? "";
    for (const event of events) {
      const data = dataOf(event);
      const message = parseMessage(data);
      if (message?.method === "notifications/tools/list_changed") this.#changed();
      if (message && this.#answer === undefined && isAnswer(message)) this.#answer = data;
    }
    if (this.#answer === undefined) return;
    this.#timer = this.#clock.timer(graceMs, () => {
      this.#abort?.();
      if (this.#answer !== undefined) this.#tell(this.#answer);
    });
  }

  #tell(answer: string): void {
    this.#timer?.cancel();
    const head = this.#head;
    if (!head) return;
    this.#sink.head(head.status, head.headers, { ...whole, protocol: head.body.protocol });
    this.#sink.data(new TextEncoder().encode(answer));
    this.#sink.end();
  }
}

const whole: IncomingBody = { framing: "length", pause: () => {}, resume: () => {} };

function dataOf(event: string): string {
  return event
    .split(/\r\n|\n|\r/)
    .flatMap((line) => /^data:? ?(.*)$/.exec(line)?.[1] ?? [])
    .join("\n");
}

/** A response of JSON-RPC; requests and notifications of the server come before it. */
function isAnswer(message: RpcMessage): boolean {
  return "result" in message || "error" in message;
}
