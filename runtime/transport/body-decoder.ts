import type { Transform } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from "node:zlib";
import { codeOf } from "./failure.ts";

/** What a decoder gives out; nothing follows `ended`, `failed` or `destroy`. */
export interface DecoderOutput {
  data(chunk: Uint8Array): void;
  /** There is room again after `write` answered false. */
  drained(): void;
  ended(): void;
  /** `cut`: the encoded text stops midway; else it is corrupt. */
  failed(cut: boolean): void;
}

/** Undoes a content coding while the body streams in. */
export interface BodyDecoder {
  /** False: wait for `drained` before more is written. */
  write(chunk: Uint8Array): boolean;
  end(): void;
  pause(): void;
  resume(): void;
  destroy(): void;
}

/** The codings that are undone, by name (RFC 9110, 8.4.1); `x-gzip` is gzip. */
export type ContentCoding = "gzip" | "deflate" | "br";

/** Reads `content-encoding`: undefined for none, `unsupported` for unknown and for stacked ones (a bomb's way). */
export function contentCoding(header: string | undefined): ContentCoding | "unsupported" | undefined {
  switch (header?.trim().toLowerCase()) {
    case undefined:
    case "":
    case "identity":
      return undefined;
    case "gzip":
    case "x-gzip":
      return "gzip";
    case "deflate":
      return "deflate";
    case "br":
      return "br";
    default:
      return "unsupported";
  }
}

/** Makes a decoder; an empty body decodes to an empty body. */
export function createBodyDecoder(coding: ContentCoding, output: DecoderOutput): BodyDecoder {
  let stream: Transform | undefined;
  let paused = false;
  let over = false;

  function start(first: number): Transform {
    const zlib = open(coding, first);
    zlib.on("data", (chunk: Uint8Array) => {
      if (!over) output.data(chunk);
    });
    zlib.on("drain", () => {
      if (!over) output.drained();
    });
    zlib.on("end", () => finish(() => output.ended()));
    zlib.on("error", (error) => finish(() => output.failed(codeOf(error) === "Z_BUF_ERROR")));
    if (paused) zlib.pause();
    return zlib;
  }

  function finish(tell: () => void): void {
    if (over) return;
    over = true;
    tell();
  }

  return {
    write(chunk) {
      if (over || chunk.length === 0) return true;
      stream ??= start(chunk[0] ?? 0);
      return stream.write(chunk);
    },
    end() {
      if (stream === undefined) finish(() => output.ended());
      else if (!over) stream.end();
    },
    pause() {
      paused = true;
      stream?.pause();
    },
    resume() {
      paused = false;
      stream?.resume();
    },
    destroy() {
      over = true;
      stream?.destroy();
    },
  };
}

function open(coding: ContentCoding, first: number): Transform {
  if (coding === "gzip") return createGunzip();
  if (coding === "br") return createBrotliDecompress();
  // "deflate" is the zlib format, but some servers send the bare one: the low bits of the first byte tell (RFC 1950, 2.2).
  return (first & 0x0f) === 8 ? createInflate() : createInflateRaw();
}
