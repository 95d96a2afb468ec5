/** The clock of the fault harness: waits pass by themselves, time limits only when nothing else can happen. */
import { leaseMs } from "../../runtime/credentials/held-lease.ts";
import type { TimerHandle } from "../../runtime/ports.ts";
import { createFakeClock, type FakeClock } from "../../runtime/testing/index.ts";

/** Time limits that are shorter than a wait may be: of the state, for what a call can and cannot do without. */
const shortLimits: ReadonlySet<number> = new Set([1_000, 2_000]);
/** From here on a timer is a time limit: of the connection, the call, a refresh, the close. */
const limitMs = 3_300;
/** When a lease is prolonged, which is no wait of the call. */
const prolongMs = leaseMs / 3;

/** What may pass beside waits: nothing, the state's time limits, or all time limits. */
export type Passing = boolean | "state";

export interface SceneClock extends FakeClock {
  /**
   * Lets the next wait pass. With `limits` the next time limit too: only for when nothing that is under way can come
   * before it, since loopback takes real time and this clock takes none.
   */
  pass(limits: Passing): Promise<void>;
}

interface Entry {
  readonly at: number;
  readonly kind: "wait" | "state" | "limit";
}

export function createSceneClock(): SceneClock {
  const inner = createFakeClock(1_000);
  const waiting = new Set<Entry>();

  const timer = (ms: number, fire: () => void): TimerHandle => {
    const entry: Entry = { at: inner.now() + Math.max(0, ms), kind: kindOf(ms) };
    waiting.add(entry);
    const handle = inner.timer(ms, () => {
      waiting.delete(entry);
      fire();
    });
    return {
      cancel: () => {
        waiting.delete(entry);
        handle.cancel();
      },
    };
  };

  return {
    ...inner,
    timer,
    async pass(limits) {
      const passes = ({ kind }: Entry): boolean => kind === "wait" || limits === true || limits === kind;
      const entries = [...waiting];
      if (!entries.some(passes)) return;
      // What is due before it comes first, limits too: time goes no further than to the next of all.
      const next = Math.min(...entries.map(({ at }) => at));
      await inner.advance(Math.max(0, next - inner.now()));
    },
  };
}

function kindOf(ms: number): Entry["kind"] {
  if (shortLimits.has(ms)) return "state";
  return ms >= limitMs || ms === prolongMs ? "limit" : "wait";
}

/**
 * Waits for the promise while waits pass; time limits pass while `stalled` holds, and no time at all where it answers
 * "nothing". Rejects only where it hangs.
 */
export async function driven<T>(
  clock: SceneClock,
  promise: Promise<T>,
  stalled: () => Passing | "nothing" = () => false,
): Promise<T> {
  let done = false;
  const mark = (): void => {
    done = true;
  };
  promise.then(mark, mark);
  const end = performance.now() + 40_000;
  while (!done) {
    const limits = stalled();
    if (limits !== "nothing") await clock.pass(limits);
    await new Promise((resolve) => setImmediate(resolve));
    if (performance.now() > end) throw new Error("the call settles neither by itself nor at its time limit");
  }
  return promise;
}
