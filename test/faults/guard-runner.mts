/**
 * Switches off one guard after another in the copy of the sources that the first argument names, and runs its tests in
 * one vitest that keeps what it has loaded. Says a line of JSON for each: `{ name, result }`, the result being `missed`
 * where a test failed, `unnoticed` where all passed, and otherwise what went wrong.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createVitest, type TestModule, type Vitest } from "vitest/node";
import type { Guard } from "./guard.ts";
import { guards } from "./guards.ts";

const [folder = ""] = process.argv.slice(2);
process.chdir(folder);

/** A test that failed, and not a file that cannot be loaded: that the tests are green with the guard is seen where they stand. */
function resultOf(modules: readonly TestModule[], unhandled: readonly unknown[]): string {
  const tests = modules.flatMap((module) => [...module.children.allTests()]);
  if (tests.some((test) => test.result().state === "failed")) return "missed";
  const errors = modules.flatMap((module) => module.errors().map(({ message }) => message));
  if (errors.length > 0 || unhandled.length > 0) return [...errors, ...unhandled.map(String)].join("\n");
  return tests.some((test) => test.result().state === "passed") ? "unnoticed" : "no test has that name";
}

async function run(vitest: Vitest, { file, from, to, test, only }: Guard): Promise<string> {
  const path = join(folder, file);
  const source = readFileSync(path, "utf8");
  if (source.split(from).length !== 2) return `${file} does not have ${from} once: has the guard moved?`;
  writeFileSync(
    path,
    source.replace(from, () => to),
  );
  vitest.invalidateFile(path);
  try {
    const tests = await vitest.getRelevantTestSpecifications([test]);
    if (tests.length === 0) return `no test file ${test}`;
    vitest.setGlobalTestNamePattern(new RegExp(only.replace(/[()+]/g, "\\$&")));
    const { testModules, unhandledErrors } = await vitest.runTestSpecifications(tests);
    return resultOf(testModules, unhandledErrors);
  } finally {
    writeFileSync(path, source);
    vitest.invalidateFile(path);
  }
}

const vitest = await createVitest("test", {
  root: folder,
  watch: false,
  bail: 1,
  testTimeout: 10_000,
  reporters: [{}],
});
for (const guard of guards)
  process.stdout.write(`${JSON.stringify({ name: guard.name, result: await run(vitest, guard) })}\n`);
await vitest.close();
process.exit(0);
