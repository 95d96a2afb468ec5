/**
 * How long `connector validate` of a 300-line descriptor takes against `node -e ''`: whole processes, interleaved,
 * medians. Run with `npm run bench`, which builds first; exits 1 past the bound.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { benchDescriptor } from "./descriptor.ts";

/** Most that `validate` may take, as a multiple of `node -e ''`. */
export const bound = 2.5;

const rounds = 15;
const program = join(import.meta.dirname, "..", "dist", "cli", "connector.cjs");
const contestants = ["node", "version", "validate"] as const;

/** Medians in milliseconds of whole processes. */
export type Medians = Readonly<Record<(typeof contestants)[number], number>>;

/** Measures the built program. */
export function measure(): Medians {
  const folder = mkdtempSync(join(tmpdir(), "connector-bench-"));
  try {
    const descriptor = join(folder, "connector.yaml");
    writeFileSync(descriptor, benchDescriptor());
    const commands = {
      node: ["-e", ""],
      version: [program, "--version"],
      validate: [program, "validate", descriptor],
    };
    const times: Record<keyof typeof commands, number[]> = { node: [], version: [], validate: [] };
    for (let round = -1; round < rounds; round += 1)
      for (const name of contestants) {
        const took = run(commands[name]);
        // The first round warms the disk cache.
        if (round >= 0) times[name].push(took);
      }
    return { node: median(times.node), version: median(times.version), validate: median(times.validate) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(args: readonly string[]): number {
  const start = process.hrtime.bigint();
  const { status, stderr, stdout } = spawnSync(process.execPath, args, { encoding: "utf8" });
  const took = Number(process.hrtime.bigint() - start) / 1e6;
  if (status !== 0) throw new Error(`${args.join(" ")} exited with ${status}: ${stderr}${stdout}`);
  return took;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const medians = measure();
  console.log(
    `${benchDescriptor().split("\n").length} lines, 5 response schemas, ${rounds} interleaved runs, medians of whole processes`,
  );
  for (const name of contestants) console.log(`${name.padEnd(10)}${medians[name].toFixed(1)} ms`);
  const ratio = medians.validate / medians.node;
  console.log(`validate / node = ${ratio.toFixed(2)} (bound ${bound})`);
  process.exitCode = ratio <= bound ? 0 : 1;
}
