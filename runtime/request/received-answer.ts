import type { ResponseHeaders } from "../ports.ts";
import type { Answer } from "../response/answer.ts";
import { decodeBody, decodeJson } from "../response/decode.ts";
import type { Received } from "./send.ts";

/** An answer whose body is decoded at most once, and only when something asks for it. */
export class ReceivedAnswer implements Answer {
  readonly status: number;
  readonly headers: ResponseHeaders;
  readonly received: Received;
  #json: { readonly value: unknown } | { readonly thrown: unknown } | undefined;
  #text: string | undefined;

  constructor(received: Received) {
    this.status = received.status;
    this.headers = received.headers;
    this.received = received;
  }

  /** The body as JSON; undefined where it is none. */
  json(): unknown {
    const decoded = this.#decoded();
    return "value" in decoded ? decoded.value : undefined;
  }

  /** The body as JSON; throws `response_invalid` where it is none. */
  strictJson(): unknown {
    const decoded = this.#decoded();
    if ("thrown" in decoded) throw decoded.thrown;
    return decoded.value;
  }

  /** Where a failed answer is XML, that is read in JSON's place, so that its message can be found. */
  readXmlFailure(): Promise<void> | undefined {
    const isXml = this.status >= 300 && /\bxml\b/i.test(this.headers.get("content-type") ?? "");
    return isXml ? this.#readXml() : undefined;
  }

  async #readXml(): Promise<void> {
    try {
      this.#json = {
        value: await decodeBody(this.received.chunks, "xml", this.headers.get("content-type")),
      };
    } catch {
      // No XML after all: the failure is told by its status.
    }
  }

  text(): string {
    this.#text ??= this.#decodeText();
    return this.#text;
  }

  #decodeText(): string {
    try {
      return String(decodeBody(this.received.chunks, "text", this.headers.get("content-type")));
    } catch {
      // Not text in its own charset: then no text matches it.
      return "";
    }
  }

  /** The body as JSON; throws where it is none. */
  protected read(): unknown {
    return decodeJson(this.received.chunks, this.headers);
  }

  #decoded(): { readonly value: unknown } | { readonly thrown: unknown } {
    this.#json ??= this.#decode();
    return this.#json;
  }

  #decode(): { readonly value: unknown } | { readonly thrown: unknown } {
    try {
      return { value: this.read() };
    } catch (thrown) {
      return { thrown };
    }
  }
}
