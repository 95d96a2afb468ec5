/** A clock for tests: time stands still until `advance`, and no test waits for real time. */
import type { Clock, TimerHandle } from "../ports.ts";
import { http1Loading } from "../transport/http1.ts";

export interface FakeClock extends Clock {
  /** Moves on by `ms`: fires what falls due in the order of time, and lets promises and I/O settle between. */
  advance(ms: number): Promise<void>;
  /** The time leaps (or, negative, steps back) and no timer fires on the way: a suspended machine. */
  jump(ms: number): void;
  /** Timers that wait to fire. */
  pending(): number;
}

/** Unix time at the clock's start: 2026-01-01T00:00:00Z. */
const wallStart = 1_767_225_600_000;

/** A fake clock whose `now()` begins at `start` and whose `wall()` begins with 2026. */
export function createFakeClock(start = 0): FakeClock {
  let now = start;
  let sequence = 0;
  const timers = new Set<{ readonly at: number; readonly sequence: number; readonly fire: () => void }>();

  const timer = (ms: number, fire: () => void): TimerHandle => {
    const entry = { at: now + Math.max(0, ms), sequence: sequence++, fire };
    timers.add(entry);
    return { cancel: () => void timers.delete(entry) };
  };

  const nextDue = (limit: number): { readonly at: number; readonly fire: () => void } | undefined => {
    let first: { readonly at: number; readonly sequence: number; readonly fire: () => void } | undefined;
    for (const entry of timers) {
      if (entry.at > limit) continue;
      if (
        first === undefined ||
        entry.at < first.at ||
        (entry.at === first.at && entry.sequence < first.sequence)
      ) {
        first = entry;
      }
    }
    if (first !== undefined) timers.delete(first);
    return first;
  };

  const advance = async (ms: number): Promise<void> => {
    const end = now + ms;
    await settle();
    for (let due = nextDue(end); due !== undefined; due = nextDue(end)) {
      now = Math.max(now, due.at);
      due.fire();
      await settle();
    }
    now = Math.max(now, end);
  };

  return {
    now: () => now,
    wall: () => wallStart + (now - start),
    timer,
    advance,
    jump: (ms) => {
      now += ms;
    },
    pending: () => timers.size,
  };
}

/**
 * One turn of the event loop; all promise reactions that are ready run before and after it. A runtime that still loads what
 * speaks HTTP is waited for: its first connection must not run out of a time that does not pass.
 */
async function settle(): Promise<void> {
  await http1Loading();
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
