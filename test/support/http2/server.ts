import {
  createSecureServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type SecureServerOptions,
} from "node:http2";
import type { TLSSocket } from "node:tls";
import { createCertificate } from "../../../runtime/testing/index.ts";

/** A request as Node's own server took it. */
export interface Http2Request {
  /** Counted from 1. */
  readonly number: number;
  readonly version: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Http2ServerRequest["headers"];
  readonly body: Buffer;
  readonly request: Http2ServerRequest;
}

export type Http2Handler = (response: Http2ServerResponse, request: Http2Request) => void;

export interface Http2Server {
  readonly origin: string;
  readonly port: number;
  /** Its certificate, to be trusted. */
  readonly ca: string;
  readonly requests: readonly Http2Request[];
  readonly connections: number;
  readonly open: number;
  /** Tells all sessions in good order that they are to end (GOAWAY). */
  shutDown(): void;
  close(): Promise<void>;
}

const certificate = createCertificate();

/** Node's server of HTTP/2, and of HTTP/1.1 for who asks for no more. Requests are handled once they are whole. */
export async function startHttp2Server(
  handler: Http2Handler = (response) => response.end('{"ok":true}'),
  options: SecureServerOptions = {},
): Promise<Http2Server> {
  const requests: Http2Request[] = [];
  const sockets = new Set<TLSSocket>();
  let connections = 0;
  const sessions = new Set<{ close(): void }>();
  const server = createSecureServer(
    { ...certificate, allowHTTP1: true, ...options },
    (request: Http2ServerRequest, response: Http2ServerResponse) => {
      const pieces: Buffer[] = [];
      response.on("error", () => {});
      request.on("error", () => {});
      request.on("data", (piece: Buffer) => pieces.push(piece));
      request.on("end", () => {
        const { method, url, headers, httpVersion } = request;
        const number = requests.length + 1;
        const taken = {
          number,
          version: httpVersion,
          method,
          path: url,
          headers,
          body: Buffer.concat(pieces),
          request,
        };
        requests.push(taken);
        handler(response, taken);
      });
    },
  );
  server.on("secureConnection", (socket: TLSSocket) => {
    connections++;
    sockets.add(socket);
    socket.on("error", () => {}); // clients break off; that is theirs to tell
    socket.once("close", () => sockets.delete(socket));
  });
  server.on("session", (session) => {
    sessions.add(session);
    session.on("error", () => {});
    session.once("close", () => sessions.delete(session));
  });
  server.on("tlsClientError", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("no port");
  return {
    origin: `https://127.0.0.1:${address.port}`,
    port: address.port,
    ca: certificate.cert,
    requests,
    get connections() {
      return connections;
    },
    get open() {
      return sockets.size;
    },
    shutDown() {
      for (const session of sessions) session.close();
    },
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
