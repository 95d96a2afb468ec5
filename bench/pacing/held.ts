/**
 * Prints the bytes that a key takes, in heap and outside: `node --expose-gc --import tsx bench/pacing/held.ts KEYS BURST
 * SLOTS`. In a process of its own, as the garbage of another measurement that goes in the middle of this one would be
 * taken off.
 */
import { systemClock } from "../../runtime/clock.ts";
import { createMemoryState } from "../../runtime/state/memory-state.ts";
import { limitsOf } from "./keys.ts";

/** The limit objects are the caller's. `slots` admissions each, at moments of their own. */
function bytesPerKey(keys: number, burst: number, slots: number): number {
  const limits = Array.from({ length: keys }, (_, identity) => limitsOf(identity, 1, 200, burst));
  let now = 0.5;
  const clock = { ...systemClock, now: () => now };
  const state = createMemoryState({ clock });
  const before = used();
  for (let slot = 0; slot < slots; slot++) {
    for (const one of limits) state.admit(one, 1);
    now += 1.25;
  }
  const bytes = (used() - before) / keys;
  // Used to the end, as the collector would else take the caller's lists off the bill.
  if (state.inspect().limits.length !== limits.length) throw new Error("All keys must be kept.");
  return bytes;
}

function used(): number {
  if (globalThis.gc === undefined) throw new Error("Run with --expose-gc.");
  for (let i = 0; i < 4; i++) globalThis.gc();
  const memory = process.memoryUsage();
  return memory.heapUsed + memory.external;
}

const [keys = 0, burst = 0, slots = 0] = process.argv.slice(2).map(Number);
console.log(bytesPerKey(keys, burst, slots));
