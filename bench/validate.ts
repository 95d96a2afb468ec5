/**
 * How long `connector validate` of a 300-line descriptor takes against `node -e ''`: whole processes, interleaved,
 * medians. The bound is 2.5. Run with `npm run bench`; exits 1 past the bound.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { benchDescriptor } from "./descriptor.ts";

const rounds = 15;
const bound = 2.5;
const program = join(import.meta.dirname, "..", "dist", "cli", "connector.cjs");

const folder = mkdtempSync(join(tmpdir(), "connector-bench-"));
try {
  const descriptor = join(folder, "connector.yaml");
  const text = benchDescriptor();
  writeFileSync(descriptor, text);
  const contestants = {
    node: ["-e", ""],
    version: [program, "--version"],
    validate: [program, "validate", descriptor],
  };
  const times: Record<keyof typeof contestants, number[]> = { node: [], version: [], validate: [] };
  for (let round = -1; round < rounds; round += 1)
    for (const name of ["node", "version", "validate"] as const) {
      const took = run(contestants[name]);
      // The first round warms the disk cache.
      if (round >= 0) times[name].push(took);
    }
  const ratio = median(times.validate) / median(times.node);
  console.log(
    `${text.split("\n").length} lines, 5 response schemas, ${rounds} interleaved runs, medians of whole processes`,
  );
  for (const name of ["node", "version", "validate"] as const)
    console.log(`${name.padEnd(10)}${median(times[name]).toFixed(1)} ms`);
  console.log(`validate / node = ${ratio.toFixed(2)} (bound ${bound})`);
  process.exitCode = ratio <= bound ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
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
