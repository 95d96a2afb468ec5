import type { Handler, ReceivedRequest, Reply } from "./server-types.ts";

/** Answers with a value as JSON. */
export function json(value: unknown, extra: Omit<Reply, "json" | "text" | "bytes" | "raw"> = {}): Reply {
  return { ...extra, json: value };
}

/** Answers with text. */
export function text(body: string, extra: Omit<Reply, "json" | "text" | "bytes" | "raw"> = {}): Reply {
  return { ...extra, text: body };
}

/** Answers with bytes. */
export function bytes(body: Uint8Array, extra: Omit<Reply, "json" | "text" | "bytes" | "raw"> = {}): Reply {
  return { ...extra, bytes: body };
}

/** Answers with a status and, where given, a JSON body. */
export function status(code: number, body?: unknown, headers: Reply["headers"] = {}): Reply {
  return body === undefined ? { status: code, headers } : { status: code, headers, json: body };
}

/** Answers 429; `retryAfter` goes out as it stands: seconds, an HTTP date, or nonsense. */
export function rateLimited(retryAfter?: number | string): Reply {
  return {
    status: 429,
    headers: retryAfter === undefined ? {} : { "retry-after": String(retryAfter) },
    json: { message: "too many requests" },
  };
}

/** Sends the client elsewhere. */
export function redirect(location: string, code: 301 | 302 | 303 | 307 | 308 = 302): Reply {
  return { status: code, headers: { location } };
}

/** Answers the first request with the first reply, and so on; the last one serves all that follow. */
export function sequence(...replies: readonly (Reply | Handler)[]): Handler {
  if (replies.length === 0) throw new Error("a sequence needs a reply");
  let at = 0;
  return (request, context) => {
    const reply = replies[Math.min(at++, replies.length - 1)];
    return typeof reply === "function" ? reply(request, context) : (reply ?? {});
  };
}

/** Answers 401 unless the header has this value (or passes this test). */
export function requireHeader(
  name: string,
  expected: string | ((value: string | undefined) => boolean),
  inner: Reply | Handler,
): Handler {
  const passes = typeof expected === "string" ? (value: string | undefined) => value === expected : expected;
  return guarded(
    (request) => passes(request.headers[name.toLowerCase()]),
    `${name} is missing or wrong`,
    inner,
  );
}

/** Answers 401 unless the Bearer token passes. */
export function requireBearer(accepts: (token: string) => boolean, inner: Reply | Handler): Handler {
  const passes = (request: ReceivedRequest): boolean => {
    const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? "")?.[1];
    return token !== undefined && accepts(token);
  };
  return guarded(passes, "the token is missing, expired or unknown", inner);
}

/** Answers 401 unless the user and password of Basic authentication are these (RFC 7617). */
export function requireBasic(user: string, password: string, inner: Reply | Handler): Handler {
  const pair = Buffer.from(`${user}:${password}`, "utf8").toString("base64");
  return requireHeader("authorization", `Basic ${pair}`, inner);
}

function guarded(
  passes: (request: ReceivedRequest) => boolean,
  message: string,
  inner: Reply | Handler,
): Handler {
  return (request, context) => {
    if (!passes(request))
      return { status: 401, headers: { "www-authenticate": "Bearer" }, json: { message } };
    return typeof inner === "function" ? inner(request, context) : inner;
  };
}
