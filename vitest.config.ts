import { defineConfig } from "vitest/config";

/** Two sets: the fast one runs by itself; `*.slow.test.ts` needs a build or many seconds and runs with SLOW=1. */
const slow = process.env.SLOW === "1";

export default defineConfig({
  test: {
    include: slow ? ["test/**/*.slow.test.ts"] : ["test/**/*.test.ts"],
    exclude: slow ? [] : ["test/**/*.slow.test.ts"],
    testTimeout: slow ? 180_000 : 15_000,
    hookTimeout: slow ? 180_000 : 15_000,
  },
});
