import { request as ask, type ClientRequest, type IncomingMessage } from "node:http";
import { constants, createSecureServer, type IncomingHttpHeaders, type ServerHttp2Stream } from "node:http2";
import type { TLSSocket } from "node:tls";

export interface Http2Front {
  readonly origin: string;
  readonly open: number;
  close(): Promise<void>;
}

export interface FrontOptions {
  /** Of the server behind it, on 127.0.0.1. */
  readonly port: number;
  readonly certificate: { readonly key: string; readonly cert: string };
}

/**
 * Speaks HTTP/2 to clients and HTTP/1.1 to the server behind it, as load balancers do: a request a connection there,
 * and what breaks there resets the stream.
 */
export async function startHttp2Front({ port, certificate }: FrontOptions): Promise<Http2Front> {
  const sockets = new Set<TLSSocket>();
  const server = createSecureServer({ ...certificate, maxSendHeaderBlockLength: 1024 * 1024 });
  server.on("stream", (stream, headers) => carry(stream, headers, port));
  server.on("sessionError", () => {}); // clients break off; that is theirs to tell
  server.on("secureConnection", (socket: TLSSocket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.once("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("no port");
  return {
    origin: `https://127.0.0.1:${address.port}`,
    get open() {
      return sockets.size;
    },
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function carry(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, port: number): void {
  const { ":method": method, ":path": path, ":authority": authority, ...fields } = headers;
  const own = Object.entries(fields).filter(([name]) => !name.startsWith(":"));
  const request = ask({
    host: "127.0.0.1",
    port,
    agent: false,
    maxHeaderSize: 1024 * 1024,
    ...(method === undefined ? {} : { method }),
    ...(path === undefined ? {} : { path }),
    headers: { ...Object.fromEntries(own), host: authority },
  });
  const breakOff = (): void => {
    stream.end = () => stream; // close() ends it first, and what is cut would look whole
    stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  };
  request.on("error", breakOff);
  request.on("response", (response) => answer(stream, response, breakOff));
  endTogether(stream, request);
  stream.pipe(request);
}

function endTogether(stream: ServerHttp2Stream, request: ClientRequest): void {
  stream.on("error", () => {});
  stream.once("close", () => request.destroy());
}

function answer(stream: ServerHttp2Stream, response: IncomingMessage, breakOff: () => void): void {
  if (stream.destroyed) return;
  stream.respond({ ":status": response.statusCode, ...carried(response) });
  response.on("error", breakOff);
  response.once("end", () => (response.complete ? stream.end() : breakOff()));
  response.pipe(stream, { end: false });
}

/** Those of one connection alone (RFC 9113, section 8.2.2). */
const ofConnections: ReadonlySet<string> = new Set(["connection", "keep-alive", "transfer-encoding"]);

function carried({ headersDistinct }: IncomingMessage): Record<string, string | string[]> {
  const fields: Record<string, string | string[]> = {};
  for (const [name, values = []] of Object.entries(headersDistinct))
    if (!ofConnections.has(name)) fields[name] = values.length === 1 ? (values[0] ?? "") : values;
  return fields;
}
