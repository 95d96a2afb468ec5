import type { ResponseHeaders } from "../ports.ts";

/** Name, value, name, value …: the bytes of a head as they came. */
export type RawHeaders = readonly Uint8Array[];

/** The bytes of a small read may be kept alive by the headers in it, those of a large one may not. */
const keptBytes = 16 * 1024;

/** Headers over the bytes of the head: what nobody asks for is never decoded. */
export function createResponseHeaders(raw: RawHeaders): ResponseHeaders {
  const [first] = raw;
  const holds = first !== undefined && first.buffer.byteLength > keptBytes;
  return new WireHeaders(holds ? raw.map((part) => Uint8Array.prototype.slice.call(part)) : raw);
}

class WireHeaders implements ResponseHeaders {
  readonly #raw: RawHeaders;

  constructor(raw: RawHeaders) {
    this.#raw = raw;
  }

  get(name: string): string | undefined {
    const raw = this.#raw;
    let found: string | undefined;
    for (let at = 0; at < raw.length; at += 2) {
      const field = raw[at];
      if (field === undefined || field.length !== name.length || !isNamed(field, name)) continue;
      const value = textOf(raw[at + 1]);
      found = found === undefined ? value : `${found}, ${value}`;
    }
    return found;
  }

  /** Never joined: dates in cookies hold commas (RFC 9110, 5.3). */
  get setCookie(): readonly string[] {
    const raw = this.#raw;
    return raw.flatMap((field, at) =>
      at % 2 === 0 && field.length === cookieName.length && isNamed(field, cookieName)
        ? [textOf(raw[at + 1])]
        : [],
    );
  }

  *entries(): Iterable<readonly [string, string]> {
    const names = new Set(
      this.#raw.filter((_, at) => at % 2 === 0).map((field) => textOf(field).toLowerCase()),
    );
    for (const name of names) {
      if (name === cookieName) for (const line of this.setCookie) yield [name, line];
      else yield [name, this.get(name) ?? ""];
    }
  }
}

const cookieName = "set-cookie";

/** Lengths are equal. `name` is in lower case; the parser lets only tokens through as names (RFC 9110, 5.1). */
function isNamed(field: Uint8Array, name: string): boolean {
  for (let at = 0; at < field.length; at++) {
    const byte = field[at] ?? 0;
    const lower = byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte;
    if (lower !== name.charCodeAt(at)) return false;
  }
  return true;
}

/** Each byte is the character of that number, as Node reads headers. */
function textOf(bytes: Uint8Array | undefined): string {
  if (bytes === undefined) return "";
  // The parser's own pieces are buffers: another one over the same bytes would cost more than the text.
  const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return buffer.toString("latin1");
}
