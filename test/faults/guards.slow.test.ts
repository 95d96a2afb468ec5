/** Each guard is switched off in a copy of the sources: a test that guards it must turn red. */
import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Guard } from "./guard.ts";
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
  "test/cli",
  "test/compiler",
  "test/support",
  "test/faults",
  "test/runtime",
];

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "connectorc-guards-"));
  for (const path of copied) cpSync(join(root, path), join(folder, path), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the guard's tests in the copy. Without the guard one may wait for ever. */
function run({ test, only }: Guard): Promise<{ readonly code: number | null; readonly output: string }> {
  const program = join(root, "node_modules", "vitest", "vitest.mjs");
  const args = ["run", test, "-t", only.replace(/[()+]/g, "\\$&"), "--bail", "1", "--testTimeout", "20000"];
  const child = spawn(process.execPath, [program, ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, NO_COLOR: "1" },
  });
  let output = "";
  const hear = (chunk: unknown): void => {
    output += String(chunk);
  };
  child.stdout.on("data", hear);
  child.stderr.on("data", hear);
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, output })));
}

describe("a guard that is switched off is missed", () => {
  it.each(guards.map((guard) => [guard.name, guard] as const))("%s", async (_, guard) => {
    const path = join(folder, guard.file);
    const source = readFileSync(path, "utf8");
    expect(
      source.split(guard.from).length,
      `${guard.file} has ${guard.from} once: has the guard moved?`,
    ).toBe(2);
    writeFileSync(
      path,
      source.replace(guard.from, () => guard.to),
    );
    try {
      const { code, output } = await run(guard);
      // A test, and not a file that cannot be loaded: that the tests are green with the guard is seen where they stand.
      expect([code, / FAIL .* > /.test(output), /Failed Suites/.test(output)], output).toEqual([
        1,
        true,
        false,
      ]);
    } finally {
      writeFileSync(path, source);
    }
  });
});
