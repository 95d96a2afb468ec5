import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Running } from "../../../runtime/call/running.ts";
import { aborted, Deadline } from "../../../runtime/deadline.ts";
import { createFakeClock } from "../../../runtime/testing/index.ts";

function started(limits: readonly number[]) {
  const clock = createFakeClock();
  const running = new Running(clock);
  const ends: string[] = [];
  const deadlines = limits.map((ms) => {
    const deadline = new Deadline(clock, ms);
    deadline.onEnd((error) => ends.push(`${ms}: ${error.code} at ${clock.now()}`));
    running.add(deadline);
    return deadline;
  });
  return { clock, running, ends, deadlines };
}

/** The call of this end was done in the very moment of its deadline. */
function tied(calls: readonly { readonly ms: number; readonly doneAfter: number }[], end: string): boolean {
  const call = calls[Number.parseInt(end, 10)];
  return call?.ms === call?.doneAfter;
}

describe("the calls that run", () => {
  it("end at their own times under one timer, in whatever order they began", async () => {
    const { clock, ends } = started([300, 100, 200, 100]);
    expect(clock.pending()).toBe(1);
    await clock.advance(150);
    expect(ends).toEqual(["100: deadline_exceeded at 100", "100: deadline_exceeded at 100"]);
    await clock.advance(1_000);
    expect(ends.slice(2)).toEqual(["200: deadline_exceeded at 200", "300: deadline_exceeded at 300"]);
    expect(clock.pending()).toBe(0);
  });

  it("leave no timer behind once all are done, and are told of no end", async () => {
    const { clock, running, ends, deadlines } = started([300, 100, 200]);
    for (const deadline of deadlines) running.remove(deadline);
    expect([clock.pending(), running.size]).toEqual([0, 0]);
    await clock.advance(1_000);
    expect(ends).toEqual([]);
  });

  it("keep the time of the others when the first one to end is done", async () => {
    const { clock, running, ends, deadlines } = started([100, 200]);
    const [first] = deadlines;
    if (first) running.remove(first);
    await clock.advance(199);
    expect(ends).toEqual([]);
    await clock.advance(1);
    expect(ends).toEqual(["200: deadline_exceeded at 200"]);
  });

  it("end at their own times whatever their durations, and whoever is done before", async () => {
    const call = fc.record({
      at: fc.nat(200),
      ms: fc.constantFrom(50, 100, 100.5, 170),
      doneAfter: fc.nat(200),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(call, { maxLength: 12 }), async (calls) => {
        const clock = createFakeClock();
        const running = new Running(clock);
        const ends: string[] = [];
        calls.forEach(({ at, ms, doneAfter }, index) => {
          clock.timer(at, () => {
            const deadline = new Deadline(clock, ms);
            deadline.onEnd(() => ends.push(`${index} at ${clock.now()}`));
            running.add(deadline);
            clock.timer(doneAfter, () => running.remove(deadline));
          });
        });
        await clock.advance(1_000);
        // In the very moment of both, either may come first.
        const ended = calls.flatMap(({ at, ms, doneAfter }, index) =>
          ms < doneAfter ? [`${index} at ${at + ms}`] : [],
        );
        expect(ends.filter((end) => !tied(calls, end)).sort()).toEqual(ended.sort());
        expect([running.size, clock.pending()]).toEqual([0, 0]);
      }),
      { numRuns: 300 },
    );
  });

  it("are ended together, and count until each is done", async () => {
    const { clock, running, ends, deadlines } = started([100, 200]);
    let idle = false;
    running.whenIdle(() => {
      idle = true;
    });
    running.end(aborted("Enough."));
    expect([ends, idle, running.size]).toEqual([["100: aborted at 0", "200: aborted at 0"], false, 2]);
    for (const deadline of deadlines) running.remove(deadline);
    expect([idle, running.size, clock.pending()]).toEqual([true, 0, 0]);
  });
});

describe("a deadline", () => {
  it("tells everyone who listens then, and nobody who has left", async () => {
    const clock = createFakeClock();
    const deadline = new Deadline(clock, 100);
    const told: string[] = [];
    const listeners = ["a", "b", "c"].map((name) => ({ ended: () => void told.push(name) }));
    for (const listener of listeners) deadline.listen(listener);
    const [first, , third] = listeners;
    if (first) deadline.unlisten(first);
    if (third) deadline.unlisten(third);
    deadline.expire();
    deadline.listen({ ended: () => void told.push("late") });
    expect(told).toEqual(["b", "late"]);
  });
});
