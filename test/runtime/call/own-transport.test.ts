import { expect, test } from "vitest";
import { createRuntime } from "../../../runtime/index.ts";
import type { Sink, Transport } from "../../../runtime/ports.ts";
import { irOf, operation } from "../../support/line.ts";

/** Says what it says at once, before `send` returns, and never knows when to stop. */
function talkative(say: (sink: Sink) => void, released: () => void): Transport {
  return {
    send: (_, sink) => {
      say(sink);
      return () => {};
    },
    slot: () => ({ release: released }),
    waitForSlot: () => () => {},
    close: async () => {},
    inspect: () => [],
  };
}

const headers = { get: () => undefined, setCookie: [], entries: () => [] };
const answer = (sink: Sink): void => {
  sink.sent?.();
  sink.head(200, headers, { framing: "length", pause: () => {}, resume: () => {} });
  sink.data(Buffer.from("1"));
  sink.end(undefined);
};
const broken = { kind: "reset", message: "It broke.", sent: true } as const;

test.each<[string, (sink: Sink) => void, object]>([
  ["answers twice", (sink) => [answer(sink), answer(sink)], { ok: true, value: { data: 1 } }],
  ["fails after its answer", (sink) => [answer(sink), sink.fail(broken)], { ok: true, value: { data: 1 } }],
  [
    "throws after its answer",
    (sink) => {
      answer(sink);
      throw new Error("too late");
    },
    { ok: true, value: { data: 1 } },
  ],
])(
  "of a transport that %s the first word counts, and each slot is given back once",
  async (_, say, expected) => {
    let released = 0;
    const runtime = createRuntime({ transport: talkative(say, () => released++) });
    const connection = runtime.connect(await irOf(operation("endpoint: /x")), {
      config: { base_url: "https://api.example.com" },
    });
    const called = await Promise.all([connection.attempt("op"), connection.attempt("op")]);
    expect(called).toMatchObject([expected, expected]);
    expect(released).toBe(2);
    await runtime.close();
  },
);
