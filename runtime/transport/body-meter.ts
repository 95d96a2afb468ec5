import type { BodyLimits } from "../ports.ts";

const ratioFloor = 1024 * 1024;

/** Room for the framing of a content coding that makes a body larger instead of smaller. */
const codingOverhead = 64 * 1024;

/** Counts one body as it was received and as it is decoded, and says when it is too much. */
export class BodyMeter {
  readonly #limits: BodyLimits;
  #received = 0;
  #decoded = 0;

  constructor(limits: BodyLimits) {
    this.#limits = limits;
  }

  /** Bytes off the wire, still encoded. Answers the complaint, if any. */
  received(bytes: number): string | undefined {
    this.#received += bytes;
    return this.#received > this.#limits.maxBytes + codingOverhead ? this.#tooLarge() : undefined;
  }

  /** Bytes after decoding. Answers the complaint, if any; then they must not be passed on. */
  decoded(bytes: number): string | undefined {
    this.#decoded += bytes;
    if (this.#decoded > this.#limits.maxBytes) return this.#tooLarge();
    const tooDense = this.#decoded >= ratioFloor && this.#decoded > this.#received * this.#limits.maxRatio;
    return tooDense ? `the response body expands by more than ${this.#limits.maxRatio}:1` : undefined;
  }

  /** A length that the server announces for a body without coding. */
  announced(bytes: number): string | undefined {
    return bytes > this.#limits.maxBytes ? this.#tooLarge() : undefined;
  }

  #tooLarge(): string {
    return `the response body exceeds ${this.#limits.maxBytes} bytes`;
  }
}
