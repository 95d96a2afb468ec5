/** The guards of the promises, each with the change that switches it off and the tests that must notice. */
export interface Guard {
  readonly name: string;
  readonly file: string;
  /** Text of the source, found once; what stands in its place in the copy. */
  readonly from: string;
  readonly to: string;
  readonly test: string;
  /** Names of tests, as a pattern. */
  readonly only: string;
}

const faults = "test/faults/faults.test.ts";

export const guards: readonly Guard[] = [
  {
    name: "the socket's own address",
    file: "runtime/transport/connect.ts",
    from: "if (!judgement.allowed) finish(",
    to: "if (0 > 1) finish(",
    test: "test/runtime/transport/connect.test.ts",
    only: "the socket's own address",
  },
  {
    name: "the addresses of a name",
    file: "runtime/transport/connect.ts",
    from: "if (judged.failure !== undefined) return",
    to: "if (0 > 1) return",
    test: faults,
    only: "a name that leads to a private address",
  },
  {
    name: "the byte cap",
    file: "runtime/transport/body-meter.ts",
    from: "if (this.#decoded > this.#limits.maxBytes)",
    to: "if (0 > 1)",
    test: faults,
    only: "a body over the limit, compressed",
  },
  {
    name: "the ratio",
    file: "runtime/transport/body-meter.ts",
    from: "return tooDense ?",
    to: "return 0 > 1 ?",
    test: faults,
    only: "a small body that expands",
  },
  {
    name: "the origin of redirects",
    file: "runtime/request/redirect.ts",
    from: "if (url.origin !== whence.origin) {",
    to: "if (0 > 1) {",
    test: faults,
    only: "a redirect to",
  },
  {
    name: "the number of redirects",
    file: "runtime/request/redirect.ts",
    from: "export const mostHops = 3;",
    to: "export const mostHops = 30;",
    test: faults,
    only: "redirects without end",
  },
  {
    name: "the origin of the next page",
    file: "runtime/destinations.ts",
    from: "if (!elsewhere && !foreign) return;",
    to: "if (0 < 1) return;",
    test: faults,
    only: "a next page on another host",
  },
  {
    name: "the refund",
    file: "runtime/admission.ts",
    from: "grant?.refund();",
    to: "grant?.release();",
    test: "test/faults/refund.test.ts",
    only: "gives its token back",
  },
  {
    name: "the server's keep-alive hint",
    file: "runtime/transport/connection.ts",
    from: "keepAliveTimeoutThreshold: 1_000",
    to: "keepAliveTimeoutThreshold: 0",
    test: faults,
    only: "past the time that the server keeps it",
  },
  {
    name: "the cut of a body of no announced length",
    file: "runtime/call.ts",
    from: `answer.received.framing !== "close"`,
    to: `answer.received.framing !== "none"`,
    test: faults,
    only: "of no announced length",
  },
  {
    name: "one renewal after 401",
    file: "runtime/call.ts",
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
    name: "secrets in messages",
    file: "runtime/failure.ts",
    from: "message: scrubber.text(fields.message)",
    to: "message: fields.message",
    test: faults,
    only: "500 always",
  },
  {
    name: "the fence of stored secrets",
    file: "runtime/state/memory-secrets.ts",
    from: "if ((this.#live(text)?.fence ?? 0) !== fence)",
    to: "if (0 > 1)",
    test: "test/runtime/state/state-contract.test.ts",
    only: "fence",
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
