/** Data of a call on its way to standard output: nothing else is ever written there. */
import type { Output } from "../world.ts";
import { jsonText } from "./escape.ts";

/** One answer. Bytes are written as they are. */
export function writeData(data: unknown, stdout: Output): Promise<void> {
  return stdout.write(data instanceof Uint8Array ? data : `${jsonText(data, 2)}\n`);
}

/** A line per record. An answer of bytes is one record, written as it is. */
export async function writeRecords(records: readonly unknown[], stdout: Output): Promise<void> {
  for (const record of records)
    await stdout.write(record instanceof Uint8Array ? record : `${jsonText(record)}\n`);
}

/** Writes records as they come, so that a million of them need the memory of one page. */
export interface RecordWriter {
  record(record: unknown): Promise<void>;
  end(): Promise<void>;
}

/** `json`: one array, an element a line; `ndjson`: a line a record. */
export function recordWriter(output: "json" | "ndjson", stdout: Output): RecordWriter {
  if (output === "ndjson")
    return { record: (record) => stdout.write(`${jsonText(record)}\n`), end: () => Promise.resolve() };
  let count = 0;
  return {
    record: (record) => {
      count += 1;
      return stdout.write(`${count === 1 ? "[\n" : ",\n"}  ${jsonText(record)}`);
    },
    end: () => stdout.write(count === 0 ? "[]\n" : "\n]\n"),
  };
}
