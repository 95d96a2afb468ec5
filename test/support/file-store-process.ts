/** A process of its own that works on a file store, for the tests of several processes: `node --import tsx … path task`. */
import { createFileState } from "../../runtime/index.ts";

const [path = "", task = "count", times = "1"] = process.argv.slice(2);
const state = await createFileState({ path, key: "0123456789abcdef0123456789abcdef" });
const key = { tenant: "t", kind: "secret", id: "counter" } as const;
const leaseKey = { ...key, kind: "lease" } as const;
const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** Adds one, over whatever others write meanwhile. */
async function add(): Promise<void> {
  for (;;) {
    const before = await state.getSecret(key);
    const count = Number(new TextDecoder().decode(before?.value ?? new Uint8Array()));
    const value = new TextEncoder().encode(String(count + 1));
    if ((await state.compareAndSet(key, before?.fence ?? 0, value, undefined)) !== undefined) return;
  }
}

if (task === "count") {
  for (let done = 0; done < Number(times); done++) await add();
  say("done");
} else if (task === "lease") {
  say((await state.lease(leaseKey, 60_000)) === undefined ? "refused" : "leased");
  // Held until the parent ends this process.
  setInterval(() => undefined, 1_000);
}
