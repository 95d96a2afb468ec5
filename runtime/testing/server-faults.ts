import { gzipSync } from "node:zlib";
import type { Reply, Wire } from "./server-types.ts";

const mebibyte = 1024 * 1024;

/** Takes the whole answer into its own hands. */
export function raw(speak: (wire: Wire) => void): Reply {
  return { raw: speak };
}

/** Sends these bytes, whatever they are, then closes. */
export function rawBytes(...parts: readonly (string | Uint8Array)[]): Reply {
  return raw((wire) => {
    for (const part of parts) wire.write(part);
    wire.end();
  });
}

/** Breaks the connection off before a byte of the answer. */
export function resetBeforeHeaders(): Reply {
  return raw((wire) => wire.reset());
}

/** Closes the connection in good order before a byte of the answer. */
export function closeBeforeHeaders(): Reply {
  return raw((wire) => wire.end());
}

/** Breaks off in the middle of the head. */
export function resetMidHeaders(): Reply {
  return raw((wire) => breakOff(wire, "HTTP/1.1 200 OK\r\ncontent-type: appli"));
}

/** Announces a body by its length, sends half of it and breaks off. */
export function resetMidBody(body: string = `{"items":[1,2,3]}`): Reply {
  return raw((wire) => breakOff(wire, `${head(`content-length: ${Buffer.byteLength(body)}`)}${half(body)}`));
}

/** Closes in good order in the middle of a chunked body. */
export function truncatedChunked(body: string = `{"items":[1,2,3]}`): Reply {
  const size = Buffer.byteLength(body).toString(16);
  return rawBytes(`${head("transfer-encoding: chunked")}${size}\r\n${half(body)}`);
}

/** Ends a body by closing, as HTTP allows, but in its middle: no transport can tell. */
export function truncatedClose(body: string = `{"items":[1,2,3]}`): Reply {
  return rawBytes(`${head("connection: close")}${half(body)}`);
}

/** Announces another length than the body has; where it is larger, the connection closes after the body. */
export function wrongContentLength(length: number, body: string = `{"items":[1,2,3]}`): Reply {
  return rawBytes(`${head(`content-length: ${length}`)}${body}`);
}

/** Sends a body byte by byte, one every `everyMs`. */
export function slowDrip(everyMs: number, body: string = `{"items":[1,2,3]}`): Reply {
  return raw((wire) => {
    const left = Buffer.from(body);
    wire.write(head(`content-length: ${left.length}\r\nconnection: close`));
    drip(wire, left, everyMs);
  });
}

/** Sends the head byte by byte, one every `everyMs`, then a small body. */
export function slowHeaders(everyMs: number): Reply {
  return raw((wire) =>
    drip(wire, Buffer.from(`${head("content-length: 2\r\nconnection: close")}{}`), everyMs),
  );
}

/** Sends the head of an answer and nothing after it. */
export function stallAfterHeaders(): Reply {
  return raw((wire) => wire.write(head("content-length: 100")));
}

/** Never answers. */
export function silence(): Reply {
  return raw(() => {});
}

/** Answers in something that is not HTTP. */
export function garbage(): Reply {
  return rawBytes("\u0000\u0001SSH-2.0-not-http\r\n\r\n");
}

/** A small gzip body that decodes to `mebibytes` MiB of zeros, about 1000:1. */
export function gzipBomb(mebibytes: number): Reply {
  const member = gzipSync(Buffer.alloc(mebibyte)); // gzip members follow each other (RFC 1952, 2.2)
  const body = Buffer.concat(new Array<Buffer>(mebibytes).fill(member));
  return { bytes: body, headers: { "content-type": "application/json", "content-encoding": "gzip" } };
}

/** Says gzip, and is none. */
export function corruptGzip(): Reply {
  const body = gzipSync(Buffer.from(JSON.stringify({ items: new Array(100).fill("item") })));
  body.fill(0x55, 12, body.length - 8);
  return { bytes: body, headers: { "content-encoding": "gzip" } };
}

/** A gzip body whose end is missing, in a message that is whole. */
export function truncatedGzip(): Reply {
  const body = gzipSync(Buffer.from(JSON.stringify({ items: new Array(100).fill("item") })));
  return { bytes: body.subarray(0, body.length - 12), headers: { "content-encoding": "gzip" } };
}

/** A chunked body that never ends, as fast as the client reads. */
export function endlessBody(): Reply {
  return raw((wire) => {
    const chunk = Buffer.alloc(64 * 1024, "x");
    const framed = Buffer.concat([
      Buffer.from(`${chunk.length.toString(16)}\r\n`),
      chunk,
      Buffer.from("\r\n"),
    ]);
    wire.write(head("transfer-encoding: chunked"));
    const pump = (): void => {
      while (!wire.socket.destroyed && wire.socket.write(framed));
    };
    wire.socket.on("drain", pump);
    pump();
  });
}

/** An answer whose head holds `kibibytes` KiB of headers. */
export function hugeHeaders(kibibytes: number): Reply {
  const line = `x-filler: ${"x".repeat(1012)}\r\n`;
  return rawBytes(`HTTP/1.1 200 OK\r\n${line.repeat(kibibytes)}content-length: 2\r\n\r\n{}`);
}

function head(line: string): string {
  return `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n${line}\r\n\r\n`;
}

function half(body: string): string {
  return body.slice(0, Math.ceil(body.length / 2));
}

/** Resets only once the bytes are out, else the reset overtakes them. */
function breakOff(wire: Wire, part: string): void {
  wire.socket.write(part, () => wire.after(10, () => wire.reset()));
}

function drip(wire: Wire, left: Buffer, everyMs: number): void {
  if (left.length === 0) {
    wire.end();
    return;
  }
  wire.write(left.subarray(0, 1));
  wire.after(everyMs, () => drip(wire, left.subarray(1), everyMs));
}
