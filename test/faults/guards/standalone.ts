/** Standalone clients. */
import type { Guard } from "../guard.ts";

export const standaloneGuards: readonly Guard[] = [
  {
    name: "the byte cap of a standalone client",
    file: "runtime/standalone/transport.ts",
    from: "if (size > maxBytes)",
    to: "if (0 > 1)",
    test: "test/runtime/standalone/calls.test.ts",
    only: "passes the limit",
  },
  {
    name: "a standalone client's doubt about what arrived",
    file: "runtime/standalone/transport.ts",
    from: "the request failed${shown}. Try again.`, false)",
    to: "the request failed${shown}. Try again.`, true)",
    test: "test/runtime/standalone/calls.test.ts",
    only: "does not send a write again",
  },
  {
    name: "the destinations of a standalone client",
    file: "runtime/standalone/destination.ts",
    from: "if (/^\\[|^[\\d.]+$/.test(host))",
    to: "if (0 > 1)",
    test: "test/runtime/standalone/stand-ins.test.ts",
    only: "destinations where no socket",
  },
];
