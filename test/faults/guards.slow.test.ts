/** Each guard is switched off in a copy of the sources: a test that guards it must turn red. */
import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { guards } from "./guards.ts";

const root = join(import.meta.dirname, "..", "..");
const copied = [
  "package.json",
  "tsconfig.json",
  "vitest.config.ts",
  "index.ts",
  "cli",
  "descriptors",
  "runtime",
  "schema",
  "compiler",
  "bench",
  "test/bench",
  "test/cli",
  "test/compiler",
  "test/support",
  "test/faults",
  "test/runtime",
  "test/samples",
  "test/schema",
];

let folder = "";
let runner: ChildProcess | undefined;
const results = new Map<string, PromiseWithResolvers>();

interface PromiseWithResolvers {
  readonly promise: Promise<string>;
  readonly resolve: (result: string) => void;
}

function resultOf(name: string): PromiseWithResolvers {
  let resolve: (result: string) => void = () => {};
  const promise = new Promise<string>((done) => {
    resolve = done;
  });
  const made = results.get(name) ?? { promise, resolve };
  results.set(name, made);
  return made;
}

/** One process runs them all, in their order: what vitest has loaded serves the next one too. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "connectorc-guards-"));
  for (const path of copied) cpSync(join(root, path), join(folder, path), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  const program = join(import.meta.dirname, "guard-runner.mts");
  const child = spawn(process.execPath, ["--import", "tsx", program, folder], {
    cwd: root,
    env: { PATH: process.env.PATH, NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  runner = child;
  let said = "";
  child.stderr.on("data", (chunk) => {
    said += String(chunk);
  });
  createInterface(child.stdout).on("line", (line) => {
    const { name, result } = line.startsWith('{"name":') ? JSON.parse(line) : {};
    if (name) resultOf(name).resolve(result);
  });
  child.on("close", (code) => {
    for (const { name } of guards)
      resultOf(name).resolve(`the runner ended before, with ${code}: ${said.slice(-2_000)}`);
  });
});
afterAll(() => {
  runner?.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

describe("a guard that is switched off is missed", () => {
  it.each(guards.map(({ name }) => [name]))("%s", async (name) => {
    expect(await resultOf(name).promise).toBe("missed");
  });
});
