import { createServer, type TLSSocket } from "node:tls";
import { createCertificate } from "../../../runtime/testing/index.ts";
import * as h2 from "./frames.ts";

const preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/** One connection of a server that writes frames by hand. */
export interface RawWire {
  readonly socket: TLSSocket;
  /** Counted from 1. */
  readonly number: number;
  send(...frames: readonly Uint8Array[]): void;
  /** A head with `:status`, and END_STREAM where said. */
  head(stream: number, status: number, fields?: readonly (readonly [string, string])[], end?: boolean): void;
  data(stream: number, text: string | Uint8Array, end?: boolean): void;
  /** A whole answer. */
  answer(stream: number, text: string, fields?: readonly (readonly [string, string])[]): void;
  rst(stream: number, code: number): void;
  goaway(last: number, code?: number): void;
}

/** One request as it came: its frames, and its body once END_STREAM came. */
export interface RawRequest {
  readonly stream: number;
  readonly wire: RawWire;
}

export interface RawHandlers {
  /** The connection is open; by default the server sends its settings. */
  readonly open?: (wire: RawWire) => void;
  /** `false`: the client's settings are not taken. */
  readonly ack?: false;
  /** The head of a request. */
  readonly request?: (request: RawRequest) => unknown;
  /** A request with its whole body. */
  readonly whole?: (request: RawRequest, body: Buffer) => unknown;
  readonly frame?: (frame: h2.Frame, wire: RawWire) => unknown;
}

export interface RawServer {
  readonly origin: string;
  readonly port: number;
  /** Its certificate, to be trusted. */
  readonly ca: string;
  readonly connections: number;
  readonly open: number;
  /** All frames of all connections, in order. */
  readonly frames: readonly h2.Frame[];
  close(): Promise<void>;
}

/** A server that speaks HTTP/2 frame by frame, as rightly or wrongly as it is told. */
export async function startRawServer(handlers: RawHandlers): Promise<RawServer> {
  const certificate = createCertificate();
  const sockets = new Set<TLSSocket>();
  const frames: h2.Frame[] = [];
  let connections = 0;
  const server = createServer({ ...certificate, ALPNProtocols: ["h2"] }, (socket) => {
    sockets.add(socket);
    socket.on("error", () => {}); // clients break off; that is theirs to tell
    socket.once("close", () => sockets.delete(socket));
    serve(socket, ++connections, handlers, (frame) => frames.push(frame));
  });
  server.on("tlsClientError", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("no port");
  return {
    origin: `https://127.0.0.1:${address.port}`,
    port: address.port,
    ca: certificate.cert,
    frames,
    get connections() {
      return connections;
    },
    get open() {
      return sockets.size;
    },
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function serve(
  socket: TLSSocket,
  number: number,
  handlers: RawHandlers,
  note: (frame: h2.Frame) => void,
): void {
  const wire = wireOf(socket, number);
  const bodies = new Map<number, Buffer[]>();
  let unread: Buffer = Buffer.alloc(0);
  let greeted = false;
  if (handlers.open) handlers.open(wire);
  else wire.send(h2.settings());
  socket.on("data", (chunk) => {
    unread = Buffer.concat([unread, chunk]);
    if (!greeted) {
      if (unread.length < preface.length) return;
      unread = unread.subarray(preface.length);
      greeted = true;
    }
    const { frames, rest } = h2.readFrames(unread);
    unread = rest;
    for (const frame of frames) {
      note(frame);
      hear(frame, wire, bodies, handlers);
    }
  });
}

function hear(frame: h2.Frame, wire: RawWire, bodies: Map<number, Buffer[]>, handlers: RawHandlers): void {
  handlers.frame?.(frame, wire);
  const { stream } = frame;
  const ack = (frame.flags & h2.flag.ack) !== 0;
  if (frame.type === h2.type.settings && !ack && handlers.ack !== false)
    wire.send(h2.frame(h2.type.settings, h2.flag.ack, 0));
  if (frame.type === h2.type.headers) {
    bodies.set(stream, []);
    handlers.request?.({ stream, wire });
  }
  if (frame.type === h2.type.data) {
    bodies.get(stream)?.push(Buffer.from(frame.payload));
    if (frame.payload.length > 0) {
      const more = h2.numbers(frame.payload.length);
      wire.send(h2.frame(h2.type.windowUpdate, 0, 0, more), h2.frame(h2.type.windowUpdate, 0, stream, more));
    }
  }
  const carries = frame.type === h2.type.headers || frame.type === h2.type.data;
  if (carries && (frame.flags & h2.flag.endStream) !== 0)
    handlers.whole?.({ stream, wire }, Buffer.concat(bodies.get(stream) ?? []));
}

function wireOf(socket: TLSSocket, number: number): RawWire {
  const send = (...frames: readonly Uint8Array[]): void => {
    if (!socket.destroyed) socket.write(Buffer.concat(frames));
  };
  const head: RawWire["head"] = (stream, status, fields = [], end = false) =>
    send(h2.headers(stream, [[":status", String(status)], ...fields], { endStream: end }));
  const data: RawWire["data"] = (stream, text, end = false) =>
    send(h2.frame(h2.type.data, end ? h2.flag.endStream : 0, stream, Buffer.from(text)));
  return {
    socket,
    number,
    send,
    head,
    data,
    answer: (stream, text, fields) => {
      head(stream, 200, fields);
      data(stream, text, true);
    },
    rst: (stream, code) => send(h2.frame(h2.type.rst, 0, stream, h2.numbers(code))),
    goaway: (last, code = 0) => send(h2.frame(h2.type.goaway, 0, 0, h2.numbers(last, code))),
  };
}
