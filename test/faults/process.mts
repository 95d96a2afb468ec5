/** A process of its own under a fault of the platform: makes one call and says what came of it. */
import { closeSync, openSync } from "node:fs";
import { open } from "node:fs/promises";
import { createFileState, createRuntime, type FileState, type Runtime } from "../../runtime/index.ts";
import type { Connector } from "../../schema/ir.ts";

export interface Orders {
  readonly ir: Connector;
  readonly origin: string;
  readonly operation: string;
  readonly fault: "descriptors" | "terminated" | "disk";
  readonly credentials?: Readonly<Record<string, string>>;
  /** Of the file store. */
  readonly store?: string;
}

const orders = JSON.parse(process.argv[2] ?? "{}") as Orders;
const { hostname } = new URL(orders.origin);

const state = orders.store === undefined ? undefined : await createFileState({ path: orders.store, key: "k".repeat(32) });
const runtime = runtimeOver(state);
const { credentials } = orders;
const connection = runtime.connect(orders.ir, {
  ...(credentials ? { credentials } : {}),
  config: { base_url: orders.origin },
});

function runtimeOver(store: FileState | undefined): Runtime {
  return createRuntime({
    network: { allow: [hostname] },
    ...(store ? { state: store, secrets: store.secrets } : {}),
  });
}

async function attempt(): Promise<unknown> {
  const outcome = await connection.attempt(orders.operation);
  if (outcome.ok) return { data: outcome.value.data };
  const { code, retryable, attempts, message } = outcome.error;
  return { code, retryable, attempts, message };
}

/** Opens files until the process may open no more; the function closes them. */
function useUpDescriptors(): () => void {
  const used: number[] = [];
  try {
    for (;;) used.push(openSync("/dev/null", "r"));
  } catch {
    return () => {
      for (const descriptor of used) closeSync(descriptor);
    };
  }
}

/** Every write fails as it does on a full disk; the function makes room again. */
async function fillDisk(): Promise<() => void> {
  const probe = await open("/dev/null", "r");
  const handles: { writeFile: unknown } = Object.getPrototypeOf(probe);
  await probe.close();
  const { writeFile } = handles;
  handles.writeFile = () =>
    Promise.reject(Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" }));
  return () => {
    handles.writeFile = writeFile;
  };
}

const said: unknown[] = [];
if (orders.fault === "terminated") {
  process.once("SIGTERM", () => void runtime.close());
  said.push(await attempt());
} else {
  // Everything is loaded once, before nothing can be opened any more.
  if (orders.fault === "descriptors") await attempt();
  const mend = orders.fault === "descriptors" ? useUpDescriptors() : await fillDisk();
  said.push(await attempt());
  mend();
  // A failed renewal is not tried again within a second.
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  said.push(await attempt());
}
process.stdout.write(JSON.stringify(said));
await runtime.close();
await state?.close();
