/** Some records that came together. */
export interface Batch<T> {
  readonly records: readonly T[];
}

/** Where batches come from. */
export interface Batches<T> {
  /** The next one; undefined at the end, after an error and once stopped. Nobody asks while it is awaited. */
  next(): Promise<Batch<T> | undefined>;
  /** Gives up what is on its way. */
  stop(): void | Promise<void>;
}

type Next<T> = IteratorResult<T, void>;

/**
 * Reads record by record what comes in batches. A generator would do the same at several times the cost of a record:
 * here one that is at hand is answered at once.
 */
export class RecordReader<T> implements AsyncGenerator<T, void, void> {
  readonly #batches: Batches<T>;
  #records: readonly T[] = [];
  #at = 0;
  /** Calls are answered in their order: while one waits, those after it do. */
  #waiting: Promise<unknown> | undefined = undefined;

  constructor(batches: Batches<T>) {
    this.#batches = batches;
  }

  next(): Promise<Next<T>> {
    if (this.#waiting === undefined && this.#at < this.#records.length)
      return Promise.resolve({ done: false, value: this.#take() });
    return this.#inTurn(() => this.#nextOfBatch());
  }

  return(): Promise<Next<T>> {
    return this.#inTurn(async () => {
      this.#drop();
      await this.#batches.stop();
      return { done: true, value: undefined };
    });
  }

  throw(reason: unknown): Promise<Next<T>> {
    return this.#inTurn(async () => {
      this.#drop();
      await this.#batches.stop();
      throw reason;
    });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  async #nextOfBatch(): Promise<Next<T>> {
    while (this.#at >= this.#records.length) {
      this.#drop();
      const batch = await this.#batches.next();
      if (!batch) return { done: true, value: undefined };
      this.#records = batch.records;
    }
    return { done: false, value: this.#take() };
  }

  #take(): T {
    // Callers have looked.
    return this.#records[this.#at++] as T;
  }

  #drop(): void {
    this.#records = [];
    this.#at = 0;
  }

  #inTurn(answer: () => Promise<Next<T>>): Promise<Next<T>> {
    const before = this.#waiting;
    const answered = before === undefined ? answer() : before.then(answer, answer);
    const over = (): void => {
      if (this.#waiting === answered) this.#waiting = undefined;
    };
    this.#waiting = answered;
    answered.then(over, over);
    return answered;
  }
}
