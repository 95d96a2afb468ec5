import { clearTimeout, setTimeout } from "node:timers";
import type { Clock } from "../../runtime/ports.ts";

/**
 * Real time, twice as fast, for processes that wait for the ends of graces and leases. All processes of a machine that
 * use it agree on the time.
 */
export const quickClock: Clock = {
  now: () => performance.now() * 2,
  wall: () => Date.now() * 2,
  timer: (ms, fire) => {
    const timer = setTimeout(fire, ms / 2);
    return { cancel: () => clearTimeout(timer) };
  },
};
