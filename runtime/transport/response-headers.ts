import type { ResponseHeaders } from "../ports.ts";

/** Headers as undici gives them. */
export type RawHeaders = { readonly [name: string]: string | string[] | undefined };

/** Wraps undici's header object: names in lower case, a list where a header came several times. */
export function createResponseHeaders(raw: RawHeaders): ResponseHeaders {
  return new WireHeaders(raw);
}

class WireHeaders implements ResponseHeaders {
  readonly #raw: RawHeaders;

  constructor(raw: RawHeaders) {
    this.#raw = raw;
  }

  get(name: string): string | undefined {
    if (!Object.hasOwn(this.#raw, name)) return undefined;
    const value = this.#raw[name];
    return Array.isArray(value) ? value.join(", ") : value;
  }

  /** Never joined: dates in cookies hold commas (RFC 9110, 5.3). */
  get setCookie(): readonly string[] {
    const value = this.#raw["set-cookie"];
    if (value === undefined) return [];
    return Array.isArray(value) ? value : [value];
  }

  *entries(): Iterable<readonly [string, string]> {
    for (const name of Object.keys(this.#raw)) {
      const value = this.#raw[name];
      if (value === undefined) continue;
      if (name === "set-cookie") for (const line of this.setCookie) yield [name, line];
      else yield [name, Array.isArray(value) ? value.join(", ") : value];
    }
  }
}
