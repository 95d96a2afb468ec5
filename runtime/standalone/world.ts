/** What the parts of a standalone client share: the clock and chance, the limits and tokens in memory. */
import type { NetworkRules } from "./destination.ts";
import type { Pacer } from "./pacer.ts";
import type { Tokens } from "./tokens.ts";
import type { Clock, Logger, Random, RuntimeOptions } from "./types.ts";

export interface World {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger | undefined;
  readonly fetch: NonNullable<RuntimeOptions["fetch"]>;
  readonly rules: NetworkRules;
  readonly maxBytes: number;
  readonly pacer: Pacer;
  readonly tokens: Tokens;
  /** Units of retries that are spent, by tenant and origin. */
  readonly spent: Map<string, number>;
  /** How far servers' clocks are ahead, in milliseconds by origin. */
  readonly ahead: Map<string, number>;
  /** Calls that run. */
  readonly running: Set<AbortController>;
  /** Told when none runs any more. */
  idle?: () => void;
  isOpen(): boolean;
}

/** Timers of a standalone client keep a process alive: somebody waits for each. */
export const systemClock: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  timer: (ms, fire) => {
    // The longest that platforms take, 24 days: a pacer that is woken early looks again, and no call lasts longer.
    const timeout = setTimeout(fire, Math.min(Math.ceil(ms), 2 ** 31 - 1));
    return { cancel: () => clearTimeout(timeout) };
  },
};

export const systemRandom: Random = {
  // It spreads retries, no more.
  next: () => Math.random(),
  bytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
  uuid: () => crypto.randomUUID(),
};
