/** A process of its own under a fault of the platform: makes calls and says what came of them. */
import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import { open } from "node:fs/promises";
import { type Connection, createFileState, createRuntime } from "../../runtime/index.ts";
import type { Connector } from "../../schema/ir.ts";
import { quickClock } from "../support/quick-clock.ts";

type Credentials = Readonly<Record<string, { readonly credentials: Readonly<Record<string, string>> }>>;

export interface Orders {
  readonly ir: Connector;
  readonly origin: string;
  /** Called one after another before the fault: what they need is loaded and obtained then. */
  readonly before: readonly string[];
  /** Called at once under the fault, and once more after it. */
  readonly operations: readonly string[];
  /** `disk`: writes are made to fail; `full disk`: the file system of the store is filled. */
  readonly fault: "descriptors" | "terminated" | "disk" | "full disk";
  /** By profile. */
  readonly profiles: Credentials;
  /** Of the file store. */
  readonly store?: string;
}

/** By operation: `data`, or what an error says of itself. */
export type Said = Readonly<Record<string, object>>;

const orders = JSON.parse(process.argv[2] ?? "{}") as Orders;
const { ir, origin, profiles, fault, operations, before } = orders;

const state =
  orders.store === undefined
    ? undefined
    : await createFileState({ path: orders.store, key: "k".repeat(32), clock: quickClock });
const runtime = createRuntime({
  clock: quickClock,
  // All that is counted here are attempts.
  circuit: false,
  network: { allow: [new URL(origin).hostname] },
  ...(state ? { state, secrets: state.secrets } : {}),
});
const connection = runtime.connect(ir, { profiles, config: { base_url: origin } });

async function attempt(to: Connection, operation: string): Promise<object> {
  const outcome = await to.attempt(operation);
  if (outcome.ok) return { data: outcome.value.data };
  const { code, retryable, attempts, message } = outcome.error;
  return { code, retryable, attempts, message };
}

async function attemptAll(): Promise<Said> {
  const said = operations.map(async (operation) => [operation, await attempt(connection, operation)] as const);
  return Object.fromEntries(await Promise.all(said));
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

/** Fills the file system that the store is on, to its last byte; the function makes room again. */
function fillFileSystem(beside: string): () => void {
  const filler = `${beside}.filler`;
  const descriptor = openSync(filler, "w");
  try {
    for (const bytes of [4096, 1]) {
      const piece = Buffer.alloc(bytes);
      try {
        for (;;) writeSync(descriptor, piece);
      } catch (thrown) {
        if (!(thrown instanceof Error && "code" in thrown && thrown.code === "ENOSPC")) throw thrown;
      }
    }
  } finally {
    closeSync(descriptor);
  }
  return () => rmSync(filler);
}

async function begin(): Promise<() => void> {
  if (fault === "descriptors") return useUpDescriptors();
  return fault === "disk" ? fillDisk() : fillFileSystem(orders.store ?? "");
}

for (const operation of before) await attempt(connection, operation);
const said: Said[] = [];
if (fault === "terminated") {
  process.once("SIGTERM", () => void runtime.close());
  said.push(await attemptAll());
} else {
  const mend = await begin();
  said.push(await attemptAll());
  mend();
  // A failed renewal is not tried again within a second.
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  said.push(await attemptAll());
}
process.stdout.write(JSON.stringify(said));
await runtime.close();
await state?.close();
