/** Streams whose reader does something else while the wire goes on. */
import { afterEach, describe, expect, it } from "vitest";
import { type Handler, json, type Reply, sequence } from "../../../runtime/testing/index.ts";
import { type Line, line, operation } from "../../support/line.ts";
import { byHand, chunk, iterator } from "./by-hand.ts";

let open: Line[] = [];
afterEach(async () => {
  await Promise.all(open.map((one) => one.close()));
  open = [];
});

async function made(reply: Reply | Handler, more = ""): Promise<Line> {
  const one = await line(operation(`endpoint: /x\nresponse: { type: jsonl }\n${more}`), { "GET /x": reply });
  open.push(one);
  return one;
}

const runs = async ({ runtime }: Line): Promise<number | undefined> =>
  (await runtime.inspect()).origins[0]?.running;

describe("a reader that comes back", () => {
  it("finds what has come, and then that the answer broke off: never an end", async () => {
    const hand = byHand();
    const one = await made(hand.reply);
    const opening = one.connection.stream("op");
    const wire = await hand.wire;
    wire.write(chunk("1\n"));
    const records = iterator(await opening);
    expect(await records.next()).toEqual({ done: false, value: 1 });
    wire.write(chunk("2\n3\n"));
    wire.end();
    await expect.poll(() => runs(one)).toBe(0);
    expect([await records.next(), await records.next()]).toMatchObject([{ value: 2 }, { value: 3 }]);
    await expect(records.next()).rejects.toMatchObject({
      code: "network_error",
      details: { reason: "truncated" },
    });
  });

  it("has not been silent: only the server's pauses count, and only while it is waited for", async () => {
    const hand = byHand();
    const one = await made(hand.reply);
    const opening = one.connection.stream("op", {}, { idleTimeoutMs: 5_000 });
    const wire = await hand.wire;
    wire.write(chunk("1\n"));
    const records = iterator(await opening);
    await records.next();
    const second = records.next();
    await one.clock.advance(4_000);
    wire.write(chunk("2\n"));
    expect(await second).toMatchObject({ value: 2 });
    await one.clock.advance(60_000);
    wire.write(chunk("3\n"));
    expect(await records.next()).toMatchObject({ value: 3 });
  });
});

describe("an answer that ends with its connection", () => {
  it("is wrong, not cut, where a line in its middle is no JSON", async () => {
    const hand = byHand("connection: close");
    const one = await made(hand.reply);
    const opening = one.connection.stream("op");
    const wire = await hand.wire;
    wire.write("{no}\n2\n");
    const records = iterator(await opening);
    await expect(records.next()).rejects.toMatchObject({ code: "response_invalid", details: { line: 1 } });
    await hand.closed;
  });
});

describe("an answer that a rule sends back", () => {
  it("is let go although it has not ended, and the next one is read", async () => {
    const hand = byHand();
    const busy: Reply = hand.reply;
    const one = await made(
      sequence(busy, json({ id: 1 })),
      "errors: [{ when: { text: { contains: busy } }, action: retry }]\nretry: { initial_ms: 1, max_ms: 1 }",
    );
    const opening = one.connection.stream("op");
    const wire = await hand.wire;
    wire.write(chunk(`"busy ${"x".repeat(100_000)}`));
    await expect.poll(() => one.server.requests.length, { interval: 10 }).toBe(1);
    const advancing = (async () => {
      while (one.server.requests.length < 2) {
        await one.clock.advance(10);
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    const stream = await opening;
    await advancing;
    const values: unknown[] = [];
    for await (const value of stream) values.push(value);
    expect(values).toEqual([{ id: 1 }]);
    await hand.closed;
  });
});
