import { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";

/**
 * Stands between a TLS socket and the HTTP/2 session on it, so that frames may be written beside those of the session:
 * a session that has the socket itself owns all of its writes.
 */
export class Tap extends Duplex {
  readonly #socket: TLSSocket;

  constructor(socket: TLSSocket) {
    super();
    this.#socket = socket;
    socket.on("data", (chunk) => {
      if (!this.destroyed && !this.push(chunk)) socket.pause();
    });
    socket.once("end", () => this.push(null));
    socket.once("close", () => this.destroy());
    socket.on("error", () => {}); // "close" follows
    this.on("error", () => {});
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Uint8Array, _encoding: string, done: () => void): void {
    if (this.#socket.destroyed) done();
    else this.#socket.write(chunk, () => done());
  }

  override _final(done: () => void): void {
    this.#socket.end();
    done();
  }

  override _destroy(_error: Error | null, done: (error?: Error | null) => void): void {
    this.#socket.destroy();
    done();
  }
}
