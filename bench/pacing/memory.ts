/** The memory of keys, each figure the median of several fresh processes. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";

const rounds = 3;
/** Figures of one build that lie further apart, as a part of their median, say nothing. */
const mostSpread = 0.05;

interface Held {
  readonly keys: number;
  readonly burst: number;
  /** Admissions a key, at moments of their own. */
  readonly slots: number;
  /** Bytes a key. */
  readonly bound: number;
}

const all: readonly Held[] = [
  ...[0, 20].map((burst) => ({ keys: 1_000_000, burst, slots: 1, bound: 200 })),
  ...[2, 10, 50, 128].map((slots) => ({
    keys: Math.floor(2_000_000 / (slots + 8)),
    burst: 0,
    slots,
    bound: 264 + 16 * slots,
  })),
];

/** Prints what a key takes; false where that is above its bound, or nothing can be said. */
export function reportMemory(): boolean {
  return all.map(reportHeld).every((isKept) => isKept);
}

function reportHeld(held: Held): boolean {
  const { keys, burst, slots, bound } = held;
  const what = `${keys.toLocaleString("en")} keys, burst ${burst}, ${slots} ${slots === 1 ? "admission" : "slots in use"}`;
  const figures = Array.from({ length: rounds }, () => measure(held)).sort((a, b) => a - b);
  const bytes = figures[rounds >> 1] ?? Number.NaN;
  const spread = ((figures[rounds - 1] ?? Number.NaN) - (figures[0] ?? Number.NaN)) / bytes;
  // A negative figure is garbage of before that went meanwhile.
  const isVoid = !((figures[0] ?? 0) > 0 && spread <= mostSpread);
  const verdict = isVoid ? `  VOID: ${figures.map(Math.round).join(", ")}` : bytes > bound ? "  MISSED" : "";
  console.log(`${what}: ${bytes.toFixed(0)} bytes a key, at most ${bound}${verdict}`);
  return verdict === "";
}

function measure({ keys, burst, slots }: Held): number {
  const program = join(import.meta.dirname, "held.ts");
  const args = ["--expose-gc", "--import", "tsx", program, ...[keys, burst, slots].map(String)];
  return Number(execFileSync(process.execPath, args, { encoding: "utf8" }));
}
