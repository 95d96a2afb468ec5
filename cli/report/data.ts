/** Data of a call on its way to standard output: nothing else is ever written there. */
import type { Output } from "../world.ts";
import { jsonText } from "./escape.ts";

/** One answer. Bytes are written as they are; in `ndjson` a list gives a line per element, anything else one line. */
export async function writeData(data: unknown, output: "json" | "ndjson", stdout: Output): Promise<void> {
  if (data instanceof Uint8Array) return stdout.write(data);
  if (output === "json") return stdout.write(`${jsonText(data, 2)}\n`);
  for (const item of Array.isArray(data) ? data : [data]) await stdout.write(`${jsonText(item)}\n`);
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
