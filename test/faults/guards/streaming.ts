/** Bodies that stream, down and up. */
import type { Guard } from "../guard.ts";

export const streamingGuards: readonly Guard[] = [
  {
    name: "the byte cap of a body that a stream reads whole",
    file: "runtime/streaming/tap.ts",
    from: "if (this.#bytes <= maxBytes) {",
    to: "if (0 < 1) {",
    test: "test/runtime/streaming/stream.test.ts",
    only: "are still bounded where the stream itself is not",
  },
  {
    name: "the end of a stream that nobody reads on",
    file: "runtime/streaming/live-body.ts",
    from: "this.#abort();",
    to: "",
    test: "test/runtime/streaming/stream.test.ts",
    only: "is ended by `cancel`",
  },
  {
    name: "an upload that can be read once",
    file: "runtime/call/operation-job.ts",
    from: "takesFiles && isSentOnceIn(values)",
    to: "0 > 1",
    test: "test/runtime/request/uploads.test.ts",
    only: "is not sent again",
  },
  {
    name: "the end of an upload with its call",
    file: "runtime/transport/exchange.ts",
    from: "if (isStream(body)) body.cancel();",
    to: "",
    test: "test/runtime/request/uploads.test.ts",
    only: "let go when the call ends",
  },
  {
    name: "a break that nobody was waiting for",
    file: "runtime/streaming/live-body.ts",
    from: "if (this.#error !== undefined) return Promise.reject(this.#error);",
    to: "",
    test: "test/runtime/streaming/slow-reader.test.ts",
    only: "never an end",
  },
  {
    name: "what is wrong and not cut",
    file: "runtime/streaming/open-stream.ts",
    from: "live.drained\n",
    to: "true\n",
    test: "test/runtime/streaming/slow-reader.test.ts",
    only: "is wrong, not cut",
  },
  {
    name: "an answer that is let go for the next",
    file: "runtime/streaming/tap.ts",
    from: "this.#live?.cancel();\n    this.#live = undefined;",
    to: "",
    test: "test/runtime/streaming/slow-reader.test.ts",
    only: "is let go although it has not ended",
  },
];
