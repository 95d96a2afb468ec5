import { availableParallelism } from "node:os";
import { defineConfig, type UserConfigFnObject } from "vitest/config";

/** Two sets: the fast one runs by itself; `--mode slow` runs `*.slow.test.ts`, which need a build or many seconds. */
const config: UserConfigFnObject = defineConfig(({ mode }) => {
  const slow = mode === "slow";
  // Only what hangs meets a limit: a machine that is busy with other things is no failure.
  const limitMs = slow ? 300_000 : 60_000;
  return {
    test: {
      include: [slow ? "test/**/*.slow.test.ts" : "test/**/*.test.ts"],
      exclude: slow ? [] : ["test/**/*.slow.test.ts"],
      globalSetup: slow ? ["test/support/build.ts"] : [],
      testTimeout: limitMs,
      hookTimeout: limitMs,
      expect: { poll: { timeout: limitMs / 2 } },
      // Files share a process, one after another: loading the sources anew for each takes half of the time.
      // Processes and not threads, since some tests measure the memory of theirs.
      pool: "forks",
      isolate: false,
      maxWorkers: availableParallelism(),
      maxConcurrency: availableParallelism(),
    },
  };
});

export default config;
