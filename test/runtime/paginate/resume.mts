/** A process of its own that goes on from cursors which another one was left with: prints the records of each list. */
import { createRuntime } from "../../../runtime/index.ts";
import type { Connector } from "../../../schema/ir.ts";

/** A list that was read in part. */
export interface Rest {
  readonly ir: Connector;
  readonly origin: string;
  readonly cursor: string;
}

const rests = JSON.parse(process.argv[2] ?? "[]") as readonly Rest[];
const runtime = createRuntime({ network: { allow: ["127.0.0.1"] } });
const all: unknown[][] = [];
for (const { ir, origin, cursor } of rests) {
  const records: unknown[] = [];
  const connection = runtime.connect(ir, { config: { base_url: origin } });
  for await (const record of connection.records("op", {}, { cursor })) records.push(record);
  all.push(records);
}
await runtime.close();
process.stdout.write(JSON.stringify(all));
