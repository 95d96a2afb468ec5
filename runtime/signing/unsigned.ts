import type { Pair } from "../request/styles.ts";

/** A request as it will stand on the wire, but for what its signature adds. */
export interface Unsigned {
  readonly method: string;
  /** `https://host[:port]`, the default port left out. */
  readonly origin: string;
  /** Path and query, percent-encoded as sent. */
  readonly target: string;
  /** Names in lower case; a name that comes twice keeps its order. */
  readonly headers: readonly Pair[];
  readonly body: string | Uint8Array | undefined;
}

/** `host[:port]`, as the `Host` header has it. */
export function hostOf({ origin }: Unsigned): string {
  return origin.slice(origin.indexOf("://") + 3);
}

export function splitTarget(target: string): { readonly path: string; readonly query: string } {
  const mark = target.indexOf("?");
  return mark < 0
    ? { path: target, query: "" }
    : { path: target.slice(0, mark), query: target.slice(mark + 1) };
}

/** RFC 3986, section 2.3: everything but unreserved characters, in capitals (RFC 5849, section 3.6). */
export function encodeStrict(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** A component as it was before it was percent-encoded; one that is no UTF-8 stays as it is. */
export function decodeComponent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
