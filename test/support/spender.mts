/** A process of its own that makes its calls with a refresh token and says what came of each, unless it is to die before. */
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { createFileState, createRuntime, type FileState } from "../../runtime/index.ts";
import type { Connector } from "../../schema/ir.ts";
import { quickClock } from "./quick-clock.ts";

/** Where in the n-th write of the record the process ends, as if its machine had. */
export interface Death {
  readonly write: number;
  readonly at: "before" | "before the rename" | "after the rename" | "after";
}

const { ir, origin, store, credentials, death } = JSON.parse(process.argv[2] ?? "{}") as {
  readonly ir: Connector;
  readonly origin: string;
  readonly store: string;
  readonly credentials: Readonly<Record<string, string>>;
  readonly death?: Death;
};

let writes = 0;
function dieAt(at: Death["at"]): void {
  if (death?.at === at && death.write === writes) process.kill(process.pid, "SIGKILL");
}

const { renameSync } = fs;
fs.renameSync = (from, to) => {
  if (to === store) dieAt("before the rename");
  renameSync(from, to);
  if (to === store) dieAt("after the rename");
};
syncBuiltinESMExports();

function mortal(state: FileState): FileState {
  const compareAndSet: FileState["compareAndSet"] = async (...write) => {
    writes++;
    dieAt("before");
    const fence = await state.compareAndSet(...write);
    dieAt("after");
    return fence;
  };
  return new Proxy(state, {
    get: (target, name) => {
      if (name === "compareAndSet") return compareAndSet;
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
}

const state = await createFileState({ path: store, key: "0123456789abcdef0123456789abcdef", clock: quickClock });
const runtime = createRuntime({
  clock: quickClock,
  state: mortal(state),
  secrets: state.secrets,
  network: { allow: [new URL(origin).host] },
});
const connection = runtime.connect(ir, { credentials, config: { base_url: origin } });
const outcomes = await Promise.all(ir.operations.map(({ id }) => connection.attempt(id)));
process.stdout.write(
  JSON.stringify(
    outcomes.map((outcome) =>
      outcome.ok
        ? { data: outcome.value.data }
        : { code: outcome.error.code, message: outcome.error.message },
    ),
  ),
);
await runtime.close();
await state.close();
