import { defineConfig, type UserConfigFnObject } from "vitest/config";

/** Two sets: the fast one runs by itself; `--mode slow` runs `*.slow.test.ts`, which need a build or many seconds. */
const config: UserConfigFnObject = defineConfig(({ mode }) => {
  const slow = mode === "slow";
  return {
    test: {
      include: [slow ? "test/**/*.slow.test.ts" : "test/**/*.test.ts"],
      exclude: slow ? [] : ["test/**/*.slow.test.ts"],
      globalSetup: slow ? ["test/support/build.ts"] : [],
      testTimeout: slow ? 180_000 : 15_000,
      hookTimeout: slow ? 180_000 : 15_000,
    },
  };
});

export default config;
