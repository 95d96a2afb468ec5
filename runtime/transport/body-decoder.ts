import type { Transform } from "node:stream";
import * as zlib from "node:zlib";
import type { BodyLimits } from "../ports.ts";
import { BodyMeter } from "./body-meter.ts";
import { codeOf } from "./failure.ts";

/** What a decoder gives out; nothing follows `ended`, `failed` or `destroy`. */
export interface DecoderOutput {
  data(chunk: Uint8Array): void;
  /** There is room again after `write` answered false. */
  drained(): void;
  ended(): void;
  /** What passes between two stacked codings is too much. */
  excessive(complaint: string): void;
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
  /** Nothing more will come out of it. */
  readonly over: boolean;
  /** What is still to come is dropped undecoded. */
  discard(): void;
  /** In place of `drained` of its output. */
  onDrain(tell: () => void): void;
  destroy(): void;
}

/** The codings that are undone, by name (RFC 9110, section 8.4.1; RFC 8878 for zstd); `x-gzip` is gzip. */
export type ContentCoding = "gzip" | "deflate" | "br" | "zstd";

/** The first bytes of a zstd frame (RFC 8878) of 500 bytes. */
const cutFrame = Uint8Array.of(40, 181, 47, 253, 96, 244, 0, 101, 0, 0, 40, 104, 101, 108, 108, 111, 1, 0);

/** Node has it from 22.15 and 23.8 on; what 22 has takes a text that stops midway for a whole one, and so is no use. */
const createZstdDecompress: unknown = tellsOfCut(Reflect.get(zlib, "zstdDecompressSync"))
  ? Reflect.get(zlib, "createZstdDecompress")
  : undefined;

function tellsOfCut(decompress: unknown): boolean {
  if (typeof decompress !== "function") return false;
  try {
    decompress(cutFrame);
    return false;
  } catch {
    return true;
  }
}

/** What a request says that it can read. */
export const acceptedCodings: string = createZstdDecompress === undefined ? "gzip, br" : "gzip, br, zstd";

/** Names of codings that this process can undo, for messages. */
export const knownCodings: string = `gzip, deflate, ${acceptedCodings.slice("gzip, ".length)}`;

/** More than a server has a reason for: each takes memory and multiplies what a bomb can do. */
const mostCodings = 3;

/** Reads `content-encoding`: the codings in the order in which they were applied; `unsupported` for an unknown one or too many. */
export function contentCodings(header: string | undefined): readonly ContentCoding[] | "unsupported" {
  if (header === undefined) return [];
  const codings: ContentCoding[] = [];
  for (const part of header.split(",")) {
    const coding = codingOf(part.trim().toLowerCase());
    if (coding === "unsupported" || codings.length === mostCodings) return "unsupported";
    if (coding !== undefined) codings.push(coding);
  }
  return codings;
}

function codingOf(name: string): ContentCoding | "unsupported" | undefined {
  switch (name) {
    case "":
    case "identity":
      return undefined;
    case "gzip":
    case "x-gzip":
      return "gzip";
    case "deflate":
    case "br":
      return name;
    case "zstd":
      return createZstdDecompress === undefined ? "unsupported" : name;
    default:
      return "unsupported";
  }
}

/**
 * Makes a decoder for codings in the order in which they were applied, so that the last is undone first. What passes between
 * two of them is bound by the limits, too: an inner coding may end early and leave an outer one that never does.
 */
export function createBodyDecoder(
  codings: readonly ContentCoding[],
  limits: BodyLimits,
  output: DecoderOutput,
): BodyDecoder | undefined {
  let decoder: BodyDecoder | undefined;
  for (const coding of codings)
    decoder =
      decoder === undefined
        ? decoderOf(coding, output)
        : stacked(coding, decoder, new BodyMeter(limits), output);
  return decoder;
}

/** Undoes `coding` and hands on to the decoder of what is below. */
function stacked(
  coding: ContentCoding,
  inner: BodyDecoder,
  meter: BodyMeter,
  output: DecoderOutput,
): BodyDecoder {
  const outer = decoderOf(coding, {
    data: (chunk) => {
      const complaint = meter.decoded(chunk.length);
      // The inner text is whole: nobody needs what the outer one may still hold.
      if (inner.over) outer.discard();
      else if (complaint !== undefined) output.excessive(complaint);
      else if (!inner.write(chunk)) outer.pause();
    },
    drained: () => output.drained(),
    ended: () => inner.end(),
    failed: (cut) => output.failed(cut),
    excessive: (complaint) => output.excessive(complaint),
  });
  inner.onDrain(() => outer.resume());
  return {
    write: (chunk) => {
      meter.received(chunk.length);
      return outer.write(chunk);
    },
    end: () => outer.end(),
    // A full inner decoder makes the outer one wait.
    pause: () => inner.pause(),
    resume: () => inner.resume(),
    get over() {
      return outer.over || inner.over;
    },
    discard: () => outer.discard(),
    onDrain: (tell) => outer.onDrain(tell),
    destroy: () => {
      outer.destroy();
      inner.destroy();
    },
  };
}

/** A decoder of one coding; an empty body decodes to an empty body. */
function decoderOf(coding: ContentCoding, output: DecoderOutput): BodyDecoder {
  let stream: Transform | undefined;
  let paused = false;
  let over = false;
  let drained = (): void => output.drained();

  function start(first: number): Transform {
    const transform = open(coding, first);
    transform.on("data", (chunk: Uint8Array) => {
      if (!over) output.data(chunk);
    });
    transform.on("drain", () => {
      if (!over) drained();
    });
    transform.on("end", () => finish(() => output.ended()));
    transform.on("error", (error) => finish(() => output.failed(codeOf(error) === "Z_BUF_ERROR")));
    if (paused) transform.pause();
    return transform;
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
    get over() {
      return over;
    },
    discard() {
      over = true;
      stream?.destroy();
      drained();
    },
    onDrain(tell) {
      drained = tell;
    },
    destroy() {
      over = true;
      stream?.destroy();
    },
  };
}

function open(coding: ContentCoding, first: number): Transform {
  if (coding === "gzip") return zlib.createGunzip();
  if (coding === "br") return zlib.createBrotliDecompress();
  if (coding === "zstd") return openZstd();
  // "deflate" is the zlib format, but some servers send the bare one: the low bits of the first byte tell (RFC 1950, 2.2).
  return (first & 0x0f) === 8 ? zlib.createInflate() : zlib.createInflateRaw();
}

/** Typed by hand, since the oldest Node that we run on does not have it. */
function openZstd(): Transform {
  if (typeof createZstdDecompress !== "function") throw new Error("this Node cannot undo zstd");
  return createZstdDecompress();
}
