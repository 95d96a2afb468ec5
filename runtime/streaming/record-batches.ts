import type { OperationCalls } from "../call/operation-calls.ts";
import type { PageOptions, Parameters } from "../connection/connection.ts";
import { walkOperation } from "../paginate/read-operation.ts";
import type { Batch, Batches } from "../paginate/record-reader.ts";
import { streamsRecords } from "./open-stream.ts";
import { streamOperation } from "./stream-operation.ts";

/** The records of an operation as they come: a page of them, or one of a stream. Nothing begins before they are asked for. */
export class RecordBatches implements Batches<unknown> {
  readonly #open: () => Promise<Batches<unknown>>;
  #opened: Batches<unknown> | undefined = undefined;
  #isOver = false;

  constructor(calls: OperationCalls, operation: string, parameters: Parameters, options: PageOptions) {
    this.#open = async () => {
      const streams = streamsRecords(await calls.planned(operation)) && options.cursor === undefined;
      if (!streams) return walkOperation(calls, operation, parameters, options);
      return streamed(await streamOperation(calls, operation, parameters, options));
    };
  }

  next(): Promise<Batch<unknown> | undefined> {
    return this.#opened ? this.#opened.next() : this.#first();
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#opened?.stop();
  }

  async #first(): Promise<Batch<unknown> | undefined> {
    if (this.#isOver) return undefined;
    // Where it cannot be opened, it is over.
    this.#isOver = true;
    this.#opened = await this.#open();
    return this.#opened.next();
  }
}

/** Each record of a stream as a batch. */
function streamed(stream: AsyncIterable<unknown>): Batches<unknown> {
  const records = stream[Symbol.asyncIterator]();
  return {
    next: async () => {
      const { done, value } = await records.next();
      return done ? undefined : { records: [value] };
    },
    stop: async () => {
      await records.return?.();
    },
  };
}
