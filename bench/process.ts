/** Whole processes, timed. */
import { spawnSync } from "node:child_process";

/** A command line, and the exit codes that mean that it did its work. */
export interface Contestant {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly codes?: readonly number[];
}

/** Milliseconds of one process of this Node. */
export function timeOf({ args, env = {}, codes = [0] }: Contestant): number {
  const start = process.hrtime.bigint();
  const { status, stderr, stdout } = spawnSync(process.execPath, args, {
    encoding: "utf8",
    env: { ...process.env, ...env },
    maxBuffer: 1 << 28,
  });
  const took = Number(process.hrtime.bigint() - start) / 1e6;
  if (status === null || !codes.includes(status))
    throw new Error(`${args.join(" ")} exited with ${status}: ${stderr}${stdout}`);
  return took;
}

/** Medians of interleaved runs, so that a busy moment of the machine meets all alike. */
export function mediansOf<Name extends string>(
  contestants: Readonly<Record<Name, Contestant>>,
  rounds: number,
): Readonly<Record<Name, number>> {
  const entries = Object.entries(contestants) as [Name, Contestant][];
  const times = new Map<Name, number[]>(entries.map(([name]) => [name, []]));
  for (let round = -1; round < rounds; round++)
    for (const [name, contestant] of entries) {
      const took = timeOf(contestant);
      // The first round warms the disk cache.
      if (round >= 0) times.get(name)?.push(took);
    }
  // Every name has its times.
  return Object.fromEntries([...times].map(([name, took]) => [name, median(took)])) as Record<Name, number>;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
