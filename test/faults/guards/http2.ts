/** HTTP/2. */
import type { Guard } from "../guard.ts";

const http2Faults = "test/runtime/transport/http2-faults.test.ts";

export const http2Guards: readonly Guard[] = [
  {
    name: "END_STREAM",
    file: "runtime/transport/http2-exchange.ts",
    from: "if (!stream.closed) this.#whole = true;",
    to: "this.#whole = true;",
    test: http2Faults,
    only: "by a reset that calls itself no error",
  },
  {
    name: "the end of a request that is cut",
    file: "runtime/transport/http2-upload.ts",
    from: "stream.end = () => stream;",
    to: "",
    test: http2Faults,
    only: "must not look whole",
  },
  {
    name: "the last stream of a GOAWAY",
    file: "runtime/transport/http2-failure.ts",
    from: "if (!headSeen && (end.ignored ||",
    to: "if (!headSeen && (!end.ignored ||",
    test: http2Faults,
    only: "leaves it open what was done",
  },
  {
    name: "what is refused too late",
    file: "runtime/transport/http2-failure.ts",
    from: "if (!headSeen && (end.ignored ||",
    to: "if ((end.ignored ||",
    test: http2Faults,
    only: "too late to be one",
  },
  {
    name: "headers over HTTP/2",
    file: "runtime/transport/http2-head.ts",
    from: "unfitValue.test(value)",
    to: "0 > 1",
    test: "test/runtime/transport/http2.test.ts",
    only: "is refused before a byte of it is sent",
  },
  {
    name: "the head's limit over HTTP/2",
    file: "runtime/transport/http2-head.ts",
    from: "return bytes > maxHeaderBytes ? undefined : fields;",
    to: "return fields;",
    test: http2Faults,
    only: "more than 64 KiB of headers",
  },
  {
    name: "our settings, taken before use",
    file: "runtime/transport/http2-open.ts",
    from: "if (!ours ||",
    to: "if (",
    test: http2Faults,
    only: "never sends its settings",
  },
  {
    name: "a session that is dead",
    file: "runtime/transport/http2-exchange.ts",
    from: "if (!this.#headSeen) this.#host.unanswered();",
    to: "",
    test: "test/runtime/transport/http2-sessions.test.ts",
    only: "answers nothing any more",
  },
];
