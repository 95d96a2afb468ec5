import { ConnectorError } from "../errors.ts";
import { resolveUrl } from "./resolve-url.ts";
import type { Received } from "./send.ts";

/** How many redirects one exchange follows. */
export const mostHops = 3;

const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Where the request just sent went. */
export interface Whence {
  readonly method: string;
  readonly origin: string;
  readonly path: string;
}

/**
 * The target of a redirect that may be followed: GET and HEAD, same origin, a few hops. Undefined where the answer
 * is none, or belongs to a write, which is then judged by its status.
 */
export function redirectTarget(received: Received, whence: Whence, hops: number): string | undefined {
  if (!redirects.has(received.status) || (whence.method !== "GET" && whence.method !== "HEAD"))
    return undefined;
  const location = received.headers.get("location");
  if (location === undefined) return undefined;
  if (hops >= mostHops)
    throw refused(
      received,
      `the server redirected more than ${mostHops} times. Check the URL in the descriptor.`,
    );
  const url = resolveUrl(location, whence);
  if (!url)
    throw refused(
      received,
      "the server redirected to something that is no URL. Check the URL in the descriptor, or ask who runs the server.",
    );
  // A credential goes only to its own origin, whatever a response says.
  if (url.origin !== whence.origin) {
    throw refused(
      received,
      `the server redirected from ${whence.origin} to ${url.origin}, another origin, which is not followed. If that is the right place, name it in the descriptor.`,
    );
  }
  return url.target;
}

function refused(received: Received, message: string): ConnectorError {
  return new ConnectorError({
    code: "destination_blocked",
    phase: "destination",
    message,
    status: received.status,
  });
}
