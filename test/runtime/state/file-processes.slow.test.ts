import { spawn } from "node:child_process";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { createFileState } from "../../../runtime/index.ts";
import { folderWith } from "../../cli/support.ts";

const script = join(import.meta.dirname, "../../support/file-store-process.ts");
const key = "0123456789abcdef0123456789abcdef";
const record = { tenant: "t", kind: "secret", id: "counter" } as const;

/** A process that works on the store; `said` is its first line. */
function start(path: string, ...task: readonly string[]) {
  const child = spawn(process.execPath, ["--import", "tsx", script, path, ...task], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const said = new Promise<string>((resolve) =>
    child.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString().trim())),
  );
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  return { said, ended, kill: () => child.kill("SIGKILL") };
}

async function storePath(): Promise<string> {
  return join(await folderWith({}), "connectorc", "secrets.json");
}

describe("several processes on one file store", () => {
  test("lose no write of each other", async () => {
    const path = await storePath();
    const all = [1, 2, 3].map(() => start(path, "count", "25"));
    expect(await Promise.all(all.map(({ said }) => said))).toEqual(["done", "done", "done"]);
    const state = await createFileState({ path, key });
    const held = await state.getSecret(record);
    expect(new TextDecoder().decode(held?.value)).toBe("75");
    await state.close();
  });

  test("go on where others are killed while they write", async () => {
    const path = await storePath();
    const state = await createFileState({ path, key });
    const others = [1, 2].map(() => start(path, "count", "100000"));
    const written = new Promise<void>((resolve) => onTestFinished(state.subscribe(record, resolve)));
    await written;
    for (const other of others) other.kill();
    await Promise.all(others.map(({ ended }) => ended));
    const before = await state.getSecret(record);
    expect(await state.compareAndSet(record, before?.fence ?? 0, before?.value, undefined)).toBeGreaterThan(
      0,
    );
    await state.close();
  });

  test("respect each other's leases", async () => {
    const path = await storePath();
    const holder = start(path, "lease");
    expect(await holder.said).toBe("leased");
    expect(await start(path, "lease").said).toBe("refused");
  });
});
