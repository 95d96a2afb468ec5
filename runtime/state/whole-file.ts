import { readWhole, replaceWhole, stampOf } from "./file-disk.ts";
import type { AssertMine } from "./file-lock.ts";

/** What a file holds and how; `durable`: it survives a power failure. */
export interface WholeFileOptions<T> {
  readonly path: string;
  readonly durable: boolean;
  readonly empty: T;
  readonly parse: (text: string) => T;
  readonly format: (value: T) => string;
}

/** One value in one file, which other processes replace too. Read again only when the file is another. */
export class WholeFile<T> {
  readonly #options: WholeFileOptions<T>;
  #stamp: string | undefined;
  #value: T;

  constructor(options: WholeFileOptions<T>) {
    this.#options = options;
    this.#value = options.empty;
  }

  /** What was read or written last. */
  get last(): T {
    return this.#value;
  }

  async read(): Promise<T> {
    const { path, parse, empty } = this.#options;
    const stamp = await stampOf(path);
    if (stamp !== undefined && stamp === this.#stamp) return this.#value;
    const found = stamp === undefined ? undefined : await readWhole(path);
    const value = found === undefined ? empty : parse(found.text);
    this.#value = value;
    this.#stamp = found?.stamp;
    return value;
  }

  async replace(value: T, assertMine: AssertMine): Promise<void> {
    const { path, format, durable } = this.#options;
    await replaceWhole(path, format(value), durable, assertMine);
    this.#value = value;
    this.#stamp = undefined;
  }
}
