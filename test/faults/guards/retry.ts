/** What is tried again, and what is not. */
import type { Guard } from "../guard.ts";

const faults = "test/faults/faults.test.ts";

export const retryGuards: readonly Guard[] = [
  {
    name: "the cut of a body of no announced length",
    file: "runtime/call/call.ts",
    from: `answer.received.framing !== "close"`,
    to: `answer.received.framing !== "none"`,
    test: faults,
    only: "of no announced length",
  },
  {
    name: "one renewal after 401",
    file: "runtime/call/call.ts",
    from: "course.renewed = true;",
    to: "",
    test: faults,
    only: "401 always",
  },
  {
    name: "writes that are not safe to repeat",
    file: "runtime/retry/next-try.ts",
    from: "if (!context.repeatable && !failure.nothingDone)",
    to: "if (0 > 1)",
    test: faults,
    only: "a reset before the head of the answer, once",
  },
  {
    name: "the number of attempts",
    file: "runtime/retry/next-try.ts",
    from: "if (attempts >= rules.retry.max_attempts)",
    to: "if (attempts >= 9)",
    test: faults,
    only: "500 always",
  },
  {
    name: "waits past the deadline",
    file: "runtime/retry/next-try.ts",
    from: "if (wait >= deadline.remaining())",
    to: "if (0 > 1)",
    test: faults,
    only: "past the deadline",
  },
  {
    name: "writes of which a byte may have arrived",
    file: "runtime/call/call.ts",
    from: "nothingDone: !fault.sent || fault.nothingDone === true,",
    to: "nothingDone: true,",
    test: faults,
    only: "a reset before the head of the answer, once",
  },
  {
    name: "the retry budget",
    file: "runtime/retry/budget.ts",
    from: "if (after > capacity) return false;",
    to: "if (after > 9 * capacity) return false;",
    test: "test/runtime/retry/retry.test.ts",
    only: "allows 100 retries while everything fails",
  },
  {
    name: "the circuit",
    file: "runtime/retry/circuit.ts",
    from: "if (run?.openUntil !== undefined && !this.#mayProbe(run)) throw",
    to: "if (0 > 1 && run) throw",
    test: "test/runtime/retry/circuit.test.ts",
    only: "is left alone after calls that ran out of time",
  },
];
