/**
 * What a test with many kinds and many inputs tries: everything with `TEST_ALL=1`, otherwise one input in `every`, a
 * different part at each `turn` (the number of the kind), so that `every` kinds in a row try each input once.
 */
export function sampled<T>(all: readonly T[], every: number, turn: number): readonly T[] {
  if (process.env.TEST_ALL === "1") return all;
  return all.filter((_, index) => (index + turn) % every === 0);
}
