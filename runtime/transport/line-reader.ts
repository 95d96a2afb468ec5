/** Lines of UTF-8 that come in pieces, none longer than `maxBytes`. */
export class LineReader {
  maxBytes: number = 10 * 1024 * 1024;
  readonly #line: (text: string) => void;
  readonly #tooLong: () => void;
  #pieces: Uint8Array[] = [];
  #size = 0;

  constructor(line: (text: string) => void, tooLong: () => void) {
    this.#line = line;
    this.#tooLong = tooLong;
  }

  /** Forgets the line that has begun. */
  reset(): void {
    this.#pieces = [];
    this.#size = 0;
  }

  push(chunk: Uint8Array): void {
    let from = 0;
    for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, from)) {
      this.#add(chunk.subarray(from, at));
      from = at + 1;
      const text = Buffer.concat(this.#pieces).toString();
      this.reset();
      this.#line(text);
    }
    this.#add(chunk.subarray(from));
  }

  #add(piece: Uint8Array): void {
    this.#size += piece.length;
    if (this.#size > this.maxBytes) {
      this.reset();
      this.#tooLong();
    } else if (piece.length > 0) this.#pieces.push(piece);
  }
}

const newline = 0x0a;
