import { request as ask, type IncomingMessage } from "node:http";
import {
  constants,
  createSecureServer,
  createServer,
  type Http2SecureServer,
  type Http2Session,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
  type Settings,
} from "node:http2";
import { createServer as createTlsServer, type Server, type TLSSocket } from "node:tls";
import { Tap } from "./tap.ts";

export interface Http2Front {
  readonly origin: string;
  readonly open: number;
  close(): Promise<void>;
}

/** A request of a client, which the front may carry on, answer or leave. */
export interface FrontRequest {
  readonly stream: ServerHttp2Stream;
  /** Its number on its connection (RFC 9113, section 5.1.1). */
  readonly id: number;
  /** Of the client's connection. */
  readonly socket: TLSSocket;
  /** Writes frames of the caller's beside those of the session. */
  send(...frames: readonly Uint8Array[]): void;
  /** Has it done by the server behind; its answer is the client's, or `answered` has it. */
  carry(answered?: (body: Buffer) => void): void;
}

export interface FrontOptions {
  /** Of the server behind it, on 127.0.0.1. */
  readonly port: number;
  readonly certificate: { readonly key: string; readonly cert: string };
  readonly settings?: Settings;
  /** What becomes of requests; all are carried on where it is left out. */
  readonly request?: (request: FrontRequest) => void;
}

/**
 * Speaks HTTP/2 to clients and HTTP/1.1 to the server behind it, as load balancers do: a request a connection there,
 * and what breaks there resets the stream.
 */
export async function startHttp2Front(options: FrontOptions): Promise<Http2Front> {
  const sockets = new Set<TLSSocket>();
  const server = options.request ? tappedServer(options, options.request) : plainServer(options);
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

const maxSendHeaderBlockLength = 1024 * 1024;

function plainServer({ port, certificate }: FrontOptions): Http2SecureServer {
  const server = createSecureServer({ ...certificate, maxSendHeaderBlockLength });
  server.on("stream", (stream, headers) => {
    stream.on("error", () => {});
    carry({ stream, headers, port });
  });
  server.on("sessionError", () => {}); // clients break off; that is theirs to tell
  return server;
}

/** Its sessions leave room for frames of another's; their way is longer by some turns of the event loop. */
function tappedServer(
  { port, certificate, settings = {} }: FrontOptions,
  request: (request: FrontRequest) => void,
): Server {
  const sessions = createServer({ settings, maxSendHeaderBlockLength });
  sessions.on("sessionError", () => {}); // clients break off; that is theirs to tell
  const socketOf = new WeakMap<Http2Session, TLSSocket>();
  sessions.on("stream", (stream, headers) => {
    const socket = stream.session && socketOf.get(stream.session);
    if (socket) request(requestOf({ stream, headers, port }, socket));
  });
  const server = createTlsServer({ ...certificate, ALPNProtocols: ["h2"] }, (socket) => {
    sessions.once("session", (session) => socketOf.set(session, socket)); // at once
    sessions.emit("connection", new Tap(socket));
  });
  server.on("tlsClientError", () => {});
  return server;
}

interface Arrival {
  readonly stream: ServerHttp2Stream;
  readonly headers: IncomingHttpHeaders;
  readonly port: number;
}

function requestOf(arrival: Arrival, socket: TLSSocket): FrontRequest {
  const { stream } = arrival;
  stream.on("error", () => {});
  return {
    stream,
    id: stream.id ?? 0,
    socket,
    send(...frames) {
      if (!socket.destroyed) socket.write(Buffer.concat(frames));
    },
    carry: (answered) => carry(arrival, answered),
  };
}

function carry({ stream, headers, port }: Arrival, answered?: (body: Buffer) => void): void {
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
  request.on("response", (response) =>
    answered ? collect(response, answered) : answer(stream, response, breakOff),
  );
  stream.once("close", () => request.destroy());
  stream.pipe(request);
}

function collect(response: IncomingMessage, answered: (body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  response.on("data", (chunk) => chunks.push(chunk));
  response.once("end", () => answered(Buffer.concat(chunks)));
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
