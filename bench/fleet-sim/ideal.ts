/** What one queue over one limit would do, without processes and without ways: the measure of a fleet. */

import type { LimitObject } from "../../runtime/ports.ts";
import { createMemoryState } from "../../runtime/state/memory-state.ts";
import { percentile } from "../../test/support/fleet.ts";
import type { Rule } from "./scenario.ts";

export interface IdealQueue {
  /** Milliseconds of each start, from rest, with someone always waiting. */
  readonly starts: readonly number[];
}

export function idealQueue(rule: Rule, seconds: number): IdealQueue {
  let now = 0;
  const clock = { now: () => now, wall: () => now, timer: () => ({ cancel: () => undefined }) };
  const state = createMemoryState({ clock });
  const limit: LimitObject = { key: { tenant: "t", kind: "limit", id: "ideal" }, smooth: false, ...rule };
  const starts: number[] = [];
  while (now < seconds * 1_000) {
    const answer = state.admit([limit], 1);
    if (answer instanceof Promise) throw new TypeError("memory answers at once");
    if (answer.admitted) starts.push(now);
    // A time that rounding has made too early is no reason to stand still.
    else now = Math.max(answer.at, now + 0.001);
  }
  return { starts };
}

/** What so many callers wait who ask again at once: each for its next place in the queue. */
export function idealWait({ starts }: IdealQueue, callers: number, part: number): number {
  return percentile(
    starts.map((at, index) => at - (starts[index - callers] ?? 0)),
    part,
  );
}
