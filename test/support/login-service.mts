/** A service of its own process over the store of the command line: one call for each line of its input. */
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { createFileState, createRuntime } from "../../runtime/index.ts";
import type { Connector } from "../../schema/ir.ts";

const { ir, origin, store, keyFile, credentials } = JSON.parse(process.argv[2] ?? "{}") as {
  readonly ir: Connector;
  readonly origin: string;
  readonly store: string;
  readonly keyFile: string;
  readonly credentials: Readonly<Record<string, string>>;
};

const key = Buffer.from(readFileSync(keyFile, "utf8").trim(), "base64");
const state = await createFileState({ path: store, key });
const runtime = createRuntime({ state, secrets: state.secrets, network: { allow: [new URL(origin).host] } });
const connection = runtime.connect(ir, { profile: "oauth", credentials, config: { base_url: origin } });
for await (const operation of createInterface({ input: process.stdin })) {
  const outcome = await connection.attempt(operation);
  const said = outcome.ok ? outcome.value.data : { code: outcome.error.code };
  process.stdout.write(`${JSON.stringify(said)}\n`);
}
await runtime.close();
await state.close();
