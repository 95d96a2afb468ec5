import type { BodyStream } from "../ports.ts";
import { Refused } from "./refused.ts";

/** The parts of a web stream's reader that are used here. */
interface StreamReader {
  read(): Promise<{ readonly done: boolean; readonly value?: unknown }>;
  cancel(): Promise<void>;
}

/** A `ReadableStream`, a stream of Node, or anything else that gives bytes piece by piece. */
export type StreamInput = AsyncIterable<Uint8Array | string> | { getReader(): StreamReader };

/** True for what can be read piece by piece. */
export function isStreamInput(value: unknown): value is StreamInput {
  if (typeof value !== "object" || value === null) return false;
  return (
    typeof Reflect.get(value, Symbol.asyncIterator) === "function" ||
    typeof Reflect.get(value, "getReader") === "function"
  );
}

/** A body that a caller gives as a stream: read once, or opened anew for each attempt. */
export class StreamSource {
  /** Bytes; undefined where nobody knows. */
  readonly length: number | undefined;
  readonly replayable: boolean;
  readonly #open: () => StreamInput;
  #opened = false;

  private constructor(open: () => StreamInput, length: number | undefined, replayable: boolean) {
    this.#open = open;
    this.length = length;
    this.replayable = replayable;
  }

  static once(input: StreamInput, length: number | undefined): StreamSource {
    return new StreamSource(() => input, length, false);
  }

  static again(open: () => StreamInput, length: number): StreamSource {
    return new StreamSource(open, length, true);
  }

  /** Its pieces from the start. Throws `Refused` where they were read before. */
  pieces(): Pieces {
    if (this.#opened && !this.replayable)
      throw new Refused("is a stream that was read before. Give a new one for each call");
    this.#opened = true;
    return piecesOf(this.#open());
  }
}

/** Reads one stream; `cancel` frees what it holds, even in the middle of a read. */
export interface Pieces {
  next(): Promise<Uint8Array | undefined>;
  cancel(): void;
}

function piecesOf(input: StreamInput): Pieces {
  if ("getReader" in input) {
    const reader = input.getReader();
    return {
      next: async () => {
        const { done, value } = await reader.read();
        return done ? undefined : bytesOf(value);
      },
      cancel: () => void reader.cancel().catch(() => {}),
    };
  }
  const iterator = input[Symbol.asyncIterator]();
  const destroy: unknown = Reflect.get(input, "destroy");
  return {
    next: async () => {
      const { done, value } = await iterator.next();
      return done === true ? undefined : bytesOf(value);
    },
    cancel: () => {
      // An iterator in the middle of a read hears nothing; a stream of Node can be destroyed all the same.
      if (typeof destroy === "function") destroy.call(input);
      else void iterator.return?.().catch(() => {});
    },
  };
}

function bytesOf(piece: unknown): Uint8Array {
  if (piece instanceof Uint8Array) return piece;
  if (piece instanceof ArrayBuffer) return new Uint8Array(piece);
  if (typeof piece === "string" && piece.isWellFormed()) return new TextEncoder().encode(piece);
  throw new Refused("holds a piece that is neither bytes nor text");
}

/** One part of a body that is sent while it is read. */
export type StreamPart = Uint8Array | StreamSource;

/** Parts one after another. Nothing is opened before the first piece is asked for. */
export function bodyStream(parts: readonly StreamPart[]): BodyStream {
  let length: number | undefined = 0;
  for (const part of parts)
    length = length === undefined || part.length === undefined ? undefined : length + part.length;
  return new JoinedStream(parts, length);
}

class JoinedStream implements BodyStream {
  readonly length: number | undefined;
  readonly #parts: readonly StreamPart[];
  #current: Pieces | undefined = undefined;
  #stop: () => void = () => {};
  #cancelled = false;
  readonly #stopped: Promise<undefined>;
  #failure: string | undefined = undefined;

  constructor(parts: readonly StreamPart[], length: number | undefined) {
    this.#parts = parts;
    this.length = length;
    this.#stopped = new Promise((resolve) => {
      this.#stop = () => resolve(undefined);
    });
  }

  get failure(): string | undefined {
    return this.#failure;
  }

  cancel(): void {
    if (this.#cancelled) return;
    this.#cancelled = true;
    this.#current?.cancel();
    this.#stop();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, void> {
    try {
      for (const part of this.#parts) {
        if (this.#cancelled) return;
        if (part instanceof Uint8Array) yield part;
        else yield* this.#read(part);
      }
    } catch (thrown) {
      // What a stream throws is its owner's, and may say anything: it is not repeated.
      this.#failure = thrown instanceof Refused ? thrown.message : "failed while it was read";
      throw new Error("the body of the request broke off");
    }
  }

  async *#read(source: StreamSource): AsyncGenerator<Uint8Array, void, void> {
    const pieces = source.pieces();
    this.#current = pieces;
    let left = source.length ?? Number.POSITIVE_INFINITY;
    // A read that never ends must not outlive the exchange.
    for (;;) {
      const piece = await Promise.race([pieces.next(), this.#stopped]);
      if (piece === undefined) break;
      left -= piece.length;
      if (left < 0) throw new Refused("holds more bytes than its `length` says");
      if (piece.length > 0) yield piece;
    }
    if (!this.#cancelled && left > 0 && left !== Number.POSITIVE_INFINITY)
      throw new Refused("ends before the bytes that its `length` says");
    this.#current = undefined;
  }
}
