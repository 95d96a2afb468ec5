/** Destinations, sockets, bodies and what is told of them. */
import type { Guard } from "../guard.ts";

const faults = "test/faults/faults.test.ts";

export const transportGuards: readonly Guard[] = [
  {
    name: "an attempt ends once, whatever its transport says",
    file: "runtime/call/attempt.ts",
    from: `if (this.#told) return;
    this.#told = true;
    this.#owner.attempted(`,
    to: "this.#owner.attempted(",
    test: "test/runtime/call/own-transport.test.ts",
    only: "the first word counts",
  },
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
    name: "the server's keep-alive hint",
    file: "runtime/transport/connection.ts",
    from: "keepAliveTimeoutThreshold: 1_000",
    to: "keepAliveTimeoutThreshold: 0",
    test: faults,
    only: "past the time that the server keeps it",
  },
  {
    name: "secrets in messages",
    file: "runtime/failure.ts",
    from: "message: scrubber.text(fields.message)",
    to: "message: fields.message",
    test: faults,
    only: "500 always",
  },
];
