import type { Clock, TimerHandle } from "./ports.ts";

/** A clock whose timers can all be ended at once: of questions that nobody waits for any more. */
export interface EndingClock extends Clock {
  /** Cancels what is pending; no timer fires from here on. */
  end(): void;
}

export function createEndingClock(clock: Clock): EndingClock {
  const pending = new Set<TimerHandle>();
  let ended = false;
  return {
    now: () => clock.now(),
    wall: () => clock.wall(),
    timer(ms, fire) {
      if (ended) return { cancel: () => undefined };
      const handle = clock.timer(ms, () => {
        pending.delete(handle);
        fire();
      });
      pending.add(handle);
      return {
        cancel: () => {
          pending.delete(handle);
          handle.cancel();
        },
        keepAlive: () => handle.keepAlive?.(),
      };
    },
    end() {
      ended = true;
      for (const handle of pending) handle.cancel();
      pending.clear();
    },
  };
}
