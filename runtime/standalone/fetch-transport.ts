/** The transport of a standalone client: the platform's `fetch`, which has its own pool of connections. */
import type {
  IncomingBody,
  ResponseHeaders,
  Sink,
  Transport,
  TransportError,
  WireRequest,
} from "../ports.ts";
import type { RuntimeOptions } from "./types.ts";

type Fetch = NonNullable<RuntimeOptions["fetch"]>;

/** There is no room to wait for: `fetch` opens connections as it needs them. */
const slot = { release: (): void => {} };

export function createFetchTransport(fetch: Fetch): Transport {
  return {
    send: (request, sink) => {
      const exchange = new FetchExchange(request, sink);
      exchange.run(fetch);
      return () => exchange.abort();
    },
    slot: () => slot,
    waitForSlot: (_origin, granted) => {
      granted(slot);
      return () => {};
    },
    close: () => Promise.resolve(),
    inspect: () => [],
  };
}

class FetchExchange {
  readonly #request: WireRequest;
  readonly #sink: Sink;
  readonly #controller: AbortController = new AbortController();
  #ended = false;

  constructor(request: WireRequest, sink: Sink) {
    this.#request = request;
    this.#sink = sink;
  }

  abort(): void {
    this.#ended = true;
    this.#controller.abort();
  }

  /** Settles always: what goes wrong is told to the sink. */
  async run(fetch: Fetch): Promise<void> {
    let answered = false;
    try {
      const { origin, path } = this.#request;
      // From here on bytes may be on their way: `fetch` does not say when.
      this.#sink.sent?.();
      const response = await fetch(origin + path, this.#init());
      answered = true;
      await this.#receive(response);
    } catch (thrown) {
      this.#fail(answered ? cut(thrown) : failureOf(thrown));
    }
  }

  #init(): RequestInit {
    const { method, headers, body } = this.#request;
    const pairs: [string, string][] = [];
    for (let at = 0; at < headers.length; at += 2) pairs.push([headers[at] ?? "", headers[at + 1] ?? ""]);
    return {
      method,
      headers: pairs,
      // Bytes and text; streams are refused with the parameters.
      body: (body as string | Uint8Array<ArrayBuffer> | undefined) ?? null,
      // Redirects are judged by the executor, and no cookie of a browser goes along.
      redirect: "manual",
      credentials: "omit",
      referrerPolicy: "no-referrer",
      signal: this.#controller.signal,
    };
  }

  async #receive(response: Response): Promise<void> {
    if (this.#ended) return;
    // A browser shows nothing of a redirect that it does not follow.
    if (response.type === "opaqueredirect") {
      this.#fail({
        kind: "protocol",
        message: "the server redirects, and a browser does not say where to",
        sent: true,
      });
      return;
    }
    this.#sink.head(response.status, headersOf(response), {
      framing: framingOf(response),
      pause() {},
      resume() {},
    });
    const { maxBytes } = this.#request.limits;
    const reader = response.body?.getReader();
    let bytes = 0;
    for (let part = await reader?.read(); part && !part.done && !this.#ended; part = await reader?.read()) {
      bytes += part.value.length;
      if (bytes > maxBytes) {
        this.#fail({ kind: "too_large", message: `the answer is larger than ${maxBytes} bytes`, sent: true });
        this.#controller.abort();
        return;
      }
      this.#sink.data(part.value);
    }
    if (this.#ended) return;
    this.#ended = true;
    this.#sink.end();
  }

  #fail(error: TransportError): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#sink.fail(error);
  }
}

function headersOf({ headers }: Response): ResponseHeaders {
  return {
    get: (name) => headers.get(name) ?? undefined,
    get setCookie() {
      return headers.getSetCookie();
    },
    entries: () => headers.entries(),
  };
}

/** What `fetch` decoded is no longer as long as its header says; and it tells a cut body only where the length or chunks tell. */
function framingOf({ headers }: Response): IncomingBody["framing"] {
  if (headers.has("content-length")) return "length";
  return headers.has("transfer-encoding") ? "chunked" : "close";
}

/** Names of `node:` errors for a request of which nothing went. Browsers give none, and then it may have gone. */
const unsent: ReadonlyMap<unknown, TransportError["kind"]> = new Map([
  ["ECONNREFUSED", "refused"],
  ["ENOTFOUND", "dns"],
  ["EAI_AGAIN", "dns"],
  ["UND_ERR_CONNECT_TIMEOUT", "timeout"],
]);

function failureOf(thrown: unknown): TransportError {
  const code = codeOf(thrown);
  const kind = unsent.get(code);
  // Its message may quote headers: only a code is shown.
  const shown = typeof code === "string" && /^\w+$/.test(code) ? ` (${code})` : "";
  return kind
    ? { kind, message: `no connection${shown}`, sent: false }
    : { kind: "reset", message: `the request failed${shown}`, sent: true };
}

function cut(thrown: unknown): TransportError {
  return codeOf(thrown) === "ERR_CONTENT_DECODING_FAILED" || codeOf(thrown) === "Z_DATA_ERROR"
    ? { kind: "decode", message: "the answer's content-encoding is broken", sent: true }
    : { kind: "truncated", message: "the answer ended midway", sent: true };
}

/** Node and Bun say why in a code, Node one level down. */
function codeOf(thrown: unknown): unknown {
  const { code, cause } = Object(thrown) as { code?: unknown; cause?: unknown };
  return (cause as { code?: unknown } | undefined)?.code ?? code;
}
