import { describe, expect, it } from "vitest";
import { aborted, Deadline } from "../../runtime/deadline.ts";
import { Running } from "../../runtime/running.ts";
import { createFakeClock } from "../../runtime/testing/index.ts";

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
