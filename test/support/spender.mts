/** A process of its own that makes one call with a refresh token and says what came of it. */
import { createFileState, createRuntime } from "../../runtime/index.ts";
import type { Connector } from "../../schema/ir.ts";

const { ir, origin, store, credentials } = JSON.parse(process.argv[2] ?? "{}") as {
  readonly ir: Connector;
  readonly origin: string;
  readonly store: string;
  readonly credentials: Readonly<Record<string, string>>;
};
const state = await createFileState({ path: store, key: "0123456789abcdef0123456789abcdef" });
const runtime = createRuntime({
  state,
  secrets: state.secrets,
  network: { allow: [new URL(origin).host] },
});
const outcome = await runtime.connect(ir, { credentials, config: { base_url: origin } }).attempt("op");
process.stdout.write(
  JSON.stringify(
    outcome.ok
      ? { data: outcome.value.data }
      : { code: outcome.error.code, message: outcome.error.message },
  ),
);
await runtime.close();
await state.close();
