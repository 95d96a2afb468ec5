/** A URL that a response named, taken apart. */
export interface ResolvedUrl {
  readonly origin: string;
  /** Path and query; begins with `/`. */
  readonly target: string;
}

/** Resolves a reference (RFC 3986, section 5) against the request that brought it; undefined where it is no http(s) URL. */
export function resolveUrl(
  reference: string,
  base: { readonly origin: string; readonly path: string },
): ResolvedUrl | undefined {
  if (reference.length > 16_384) return undefined;
  let url: URL;
  try {
    url = new URL(reference, base.origin + base.path);
  } catch {
    // Servers send all sorts of things; the caller says what it was for.
    return undefined;
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") return undefined;
  // A user name in a URL would be a credential of the server's choosing.
  if (url.username !== "" || url.password !== "") return undefined;
  return { origin: url.origin, target: url.pathname + url.search };
}
