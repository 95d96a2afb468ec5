/** Standalone clients. */
import type { Guard } from "../guard.ts";

export const standaloneGuards: readonly Guard[] = [
  {
    name: "the byte cap of a standalone client",
    file: "runtime/standalone/fetch-transport.ts",
    from: "if (bytes > maxBytes)",
    to: "if (0 > 1)",
    test: "test/runtime/standalone/fetch-transport.test.ts",
    only: "passes the limit",
  },
  {
    name: "a standalone client's doubt about what arrived",
    file: "runtime/standalone/fetch-transport.ts",
    from: "message: `the request failed${shown}`, sent: true",
    to: "message: `the request failed${shown}`, sent: false",
    test: "test/runtime/standalone/fetch-transport.test.ts",
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
