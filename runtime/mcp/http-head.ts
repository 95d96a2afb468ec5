import type { IncomingMessage, ServerResponse } from "node:http";
import type { HttpGuard } from "./http-guard.ts";

/** Others are none of the protocol's, and some of them no `Request` can have. */
const methods = new Set(["GET", "HEAD", "POST", "DELETE", "OPTIONS"]);

/** Judges a request by its head, before a byte of its body is read: who may not call fills no memory. */
export async function judgeHead(guard: HttpGuard, message: IncomingMessage): ReturnType<HttpGuard> {
  const { method = "", url = "", headers } = message;
  if (!methods.has(method)) return { response: new Response(null, { status: 405 }) };
  // The host is judged by its header: a target that is a whole URL means another server, and with two headers (RFC 9112,
  // section 3.2) each side may believe another one.
  const isPlain = url.startsWith("/") && URL.canParse(url, "http://localhost");
  if (!isPlain || (message.headersDistinct.host?.length ?? 0) > 1)
    return { response: new Response(null, { status: 400 }) };
  const given = new Headers();
  for (const [name, value] of Object.entries(headers))
    for (const one of [value ?? []].flat()) given.append(name, one);
  return guard(new Request(new URL(`http://localhost${url}`), { method, headers: given }));
}

/** Answers without reading on; the connection ends with it, since the body may still be coming. */
export async function refuse(to: ServerResponse, response: Response): Promise<void> {
  const text = await response.text();
  const hasBody = Number(to.req.headers["content-length"] ?? 0) > 0 || to.req.headers["transfer-encoding"];
  to.writeHead(response.status, {
    ...Object.fromEntries(response.headers),
    ...(hasBody ? { connection: "close" } : {}),
  });
  to.end(text);
}
