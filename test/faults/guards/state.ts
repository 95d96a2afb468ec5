/** Stored tokens and secrets. */
import type { Guard } from "../guard.ts";

const faults = "test/faults/faults.test.ts";

export const stateGuards: readonly Guard[] = [
  {
    name: "the fence of stored secrets",
    file: "runtime/state/memory-secrets.ts",
    from: "if ((this.#live(text)?.fence ?? 0) !== fence)",
    to: "if (0 > 1)",
    test: "test/runtime/state/state-contract.test.ts",
    only: "fence",
  },
  {
    name: "the fence of the file store",
    file: "runtime/state/file-records.ts",
    from: "if ((live(document, key, wall)?.fence ?? 0) !== fence) return undefined;",
    to: "",
    test: "test/runtime/state/file-state.test.ts",
    only: "writes a secret only over the fence",
  },
  {
    name: "questions to a store that nobody waits for after close",
    file: "runtime/credentials/step-store.ts",
    from: "this.#clock.end();",
    to: "",
    test: "test/faults/aborts.test.ts",
    only: "leaves no timer behind",
  },
  {
    name: "a store that hangs",
    file: "runtime/credentials/bounded-state.ts",
    from: "await inTime(clock, answer, neededMs)",
    to: "await answer",
    test: faults,
    only: "a state store that hangs, where",
  },
];
