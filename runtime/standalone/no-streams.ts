/** Streams are told from other files, and refused with the parameters; stands in for `request/stream-source.ts`. */
export class StreamSource {
  readonly replayable: boolean = false;

  static once(_input: unknown, _length?: number): StreamSource {
    return new StreamSource();
  }

  /** For large Blobs, which are read whole instead. */
  static again(): StreamSource {
    return new StreamSource();
  }
}

export function isStreamInput(value: unknown): boolean {
  return Symbol.asyncIterator in Object(value) || typeof Object(value).getReader === "function";
}

export function bodyStream(): never {
  throw new Error("a stream came as far as a body");
}
