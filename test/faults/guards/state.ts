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
  {
    name: "a lock that was taken",
    file: "runtime/state/file-lock.ts",
    from: "|| ownerIn(readText(path)) !== owner)",
    to: ")",
    test: "test/runtime/state/file-lock.test.ts",
    only: "whose lock was taken writes nothing",
  },
  {
    name: "the end of a lock's time",
    file: "runtime/state/file-lock.ts",
    from: "if (Date.now() > endsAt - marginMs || owner",
    to: "if (owner",
    test: "test/runtime/state/file-lock.test.ts",
    only: "near its end writes nothing",
  },
  {
    name: "locks of other machines",
    file: "runtime/state/file-lock.ts",
    from: '|| fieldIn(text, "host") !== hostname()) return false;',
    to: ") return false;",
    test: "test/runtime/state/file-lock.test.ts",
    only: "of another machine, whose processes",
  },
  {
    name: "a lock by another clock",
    file: "runtime/state/file-lock.ts",
    from: "Date.now() - met.at > lifeMs",
    to: "0 > 1",
    test: "test/runtime/state/file-lock.test.ts",
    only: "because a clock was set back",
  },
];
