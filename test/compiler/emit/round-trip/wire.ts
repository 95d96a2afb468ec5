/** Requests as the descriptor decides them, so that those of different platforms can be compared. */
import type { ReceivedRequest } from "../../../../runtime/testing/index.ts";

/** Headers that are the platform's: `fetch` says what it is and what it decodes, both frame the body by themselves. */
const platform: ReadonlySet<string> = new Set([
  "accept-encoding",
  "accept-language",
  "cache-control",
  "connection",
  "content-length",
  "host",
  "pragma",
  "sec-fetch-mode",
  "transfer-encoding",
]);

/** What the descriptor decides. `fetch` writes `'` in a query as `%27` (URL Standard), which says the same. */
export function wire({ method, target, headers, text }: ReceivedRequest): object {
  const own = Object.entries(headers).filter(([name]) => !platform.has(name));
  const boundary = /boundary="?([^";]+)/.exec(headers["content-type"] ?? "")?.[1];
  const same = (value: string): string =>
    boundary === undefined ? value : value.replaceAll(boundary, "BOUNDARY");
  return {
    method,
    target: target.replaceAll("'", "%27"),
    headers: Object.fromEntries(own.map(([name, value]) => [name, same(value ?? "")])),
    body: same(text),
  };
}
