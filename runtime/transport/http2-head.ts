import type { OutgoingHttpHeaders } from "node:http2";
import type { WireRequest } from "../ports.ts";
import { acceptedCodings } from "./body-decoder.ts";
import { isStream } from "./exchange.ts";
import { maxHeaderBytes } from "./failure.ts";

/** Of a connection, not of a message (RFC 9113, section 8.2.2); and those that are the transport's own. */
const dropped: ReadonlySet<string> = new Set([
  "connection",
  "proxy-connection",
  "keep-alive",
  "transfer-encoding",
  "upgrade",
  "http2-settings",
  "host",
  "content-length",
]);

const token = /^[!#$%&'*+.^_`|~0-9a-z-]+$/; // RFC 9110, 5.6.2; in lower case
const method = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const unfitValue = /[^\t\x20-\x7e\x80-\xff]/;
const unfitPath = /[^\x21-\xff]/;

/** A method without a body whose meaning expects one says that there is none (RFC 9110, 8.6). */
const expectsBody: ReadonlySet<string> = new Set(["POST", "PUT", "PATCH"]);

/**
 * The head of a request, or undefined where it holds what a header cannot: Node checks no values, and cuts each character
 * to a byte, so that one outside of Latin-1 could become a line break.
 */
export function requestHead(request: WireRequest): OutgoingHttpHeaders | undefined {
  const { headers, origin, path } = request;
  if (!method.test(request.method) || !path.startsWith("/") || unfitPath.test(path)) return undefined;
  // Without a prototype: any name is just a name.
  const head: Record<string, string | string[]> = Object.create(null);
  let bytes = path.length;
  for (let at = 0; at < headers.length; at += 2) {
    const name = headers[at] ?? "";
    const value = headers[at + 1] ?? "";
    if (!token.test(name) || unfitValue.test(value)) return undefined;
    if (dropped.has(name) || (name === "te" && value !== "trailers")) continue;
    bytes += name.length + value.length + 32;
    const before = head[name];
    head[name] = before === undefined ? value : [before, value].flat();
  }
  if (bytes > maxHeaderBytes / 2) return undefined; // more makes Node end the whole session
  head["accept-encoding"] ??= acceptedCodings;
  const length = lengthOf(request);
  if (length !== undefined) head["content-length"] = String(length);
  head[":method"] = request.method;
  head[":scheme"] = "https";
  head[":authority"] = origin.slice("https://".length);
  head[":path"] = path;
  return head;
}

function lengthOf({ method, body }: WireRequest): number | undefined {
  if (body === undefined || body === "") return expectsBody.has(method) ? 0 : undefined;
  if (typeof body === "string") return Buffer.byteLength(body);
  return body.length;
}

/** True where a body follows the head. */
export function hasBody({ body }: WireRequest): boolean {
  return body !== undefined && (isStream(body) || body.length > 0);
}

/** The fields as bytes, as they come from HTTP/1.1; undefined where they are more than a head may hold. */
export function responseFields(raw: readonly string[]): Buffer[] | undefined {
  let bytes = 0;
  const fields: Buffer[] = [];
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at] ?? "";
    const value = raw[at + 1] ?? "";
    if (name.startsWith(":")) continue;
    bytes += name.length + value.length + ": \r\n".length;
    fields.push(Buffer.from(name, "latin1"), Buffer.from(value, "latin1"));
  }
  return bytes > maxHeaderBytes ? undefined : fields;
}
