/** Each guard is switched off in a copy of the sources: a test that guards it must turn red. */
import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Guard, guards } from "./guards.ts";

const root = join(import.meta.dirname, "..", "..");
const copied = [
  "package.json",
  "tsconfig.json",
  "vitest.config.ts",
  "index.ts",
  "runtime",
  "schema",
  "compiler",
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

/** Runs the guard's tests in the copy. */
function run({ test, only }: Guard): Promise<{ readonly code: number | null; readonly output: string }> {
  const program = join(root, "node_modules", "vitest", "vitest.mjs");
  const args = ["run", test, "-t", only.replace(/[()+]/g, "\\$&"), "--bail", "1"];
  const child = spawn(process.execPath, [program, ...args], { cwd: folder, env: { PATH: process.env.PATH } });
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
    const whole = await run(guard);
    expect(whole.output).toMatch(/Tests .*[1-9]\d* passed/);
    expect(whole.code).toBe(0);
    writeFileSync(
      path,
      source.replace(guard.from, () => guard.to),
    );
    try {
      const { code, output } = await run(guard);
      expect([code, /FAIL/.test(output)], output).toEqual([1, true]);
    } finally {
      writeFileSync(path, source);
    }
  });
});
