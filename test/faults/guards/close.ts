/** Closing a runtime. */
import type { Guard } from "../guard.ts";

export const closeGuards: readonly Guard[] = [
  {
    name: "new calls after close",
    file: "runtime/create-runtime.ts",
    from: "if (this.#closing) throw",
    to: "if (0 > 1) throw",
    test: "test/runtime/call/close.test.ts",
    only: "refuses new ones meanwhile",
  },
  {
    name: "the wait of close for running calls",
    file: "runtime/create-runtime.ts",
    from: "await idle(clock, running, graceMs);",
    to: "",
    test: "test/runtime/call/close.test.ts",
    only: "lets a running call finish",
  },
  {
    name: "the end of that wait",
    file: "runtime/create-runtime.ts",
    from: "const graceMs = 10_000;",
    to: "const graceMs = 20_000;",
    test: "test/runtime/call/close.test.ts",
    only: "after 10 s",
  },
];
