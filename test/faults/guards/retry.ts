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
];
