/**
 * What `connector import openapi` costs, in whole processes of the built program (`npm run build` first): GitHub's and
 * Stripe's documents of four megabytes each, by time and memory, against a start of the same program. Exits 1 past a bound.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";

const home = join(import.meta.dirname, "..");
const program = join(home, "dist", "cli", "connector.cjs");
const corpus = join(home, "../shared/corpus/openapi");
const timeBoundMs = 3_000;
const memoryBoundMb = 400;
const rounds = 5;

console.log(
  `Node ${process.versions.node}, ${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1)}; medians of ${rounds} whole processes`,
);
const start = median(Array.from({ length: rounds }, () => timed(["--version"]).cpuMs));
console.log(`a start alone: ${start.toFixed(0)} ms of processor time`);
let missed = false;
for (const file of ["github.json", "stripe.yaml"]) {
  const path = join(corpus, file);
  if (!existsSync(path)) {
    console.log(`${file} is not at hand`);
    continue;
  }
  const out = mkdtempSync(join(tmpdir(), "connector-bench-"));
  const runs = Array.from({ length: rounds }, () =>
    timed(["import", "openapi", path, "--out", out, "--force"]),
  );
  rmSync(out, { recursive: true, force: true });
  const wall = median(runs.map(({ wallMs }) => wallMs));
  const cpu = median(runs.map(({ cpuMs }) => cpuMs));
  const memory = Math.max(...runs.map(({ memoryMb }) => memoryMb));
  console.log(
    `${file}: ${wall.toFixed(0)} ms (${cpu.toFixed(0)} ms of processor time), ${memory.toFixed(0)} MB at most`,
  );
  // On a machine that is busy with other things, the processor's time is what the import takes.
  if (Math.min(wall, cpu) > timeBoundMs || memory > memoryBoundMb) {
    missed = true;
    console.log(`MISSED: ${file} takes more than ${timeBoundMs} ms or ${memoryBoundMb} MB`);
  }
}
process.exitCode = missed ? 1 : 0;

interface Run {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly memoryMb: number;
}

/** A child process tells its own use of the machine at its end. */
function timed(argv: readonly string[]): Run {
  const tell = `process.on("exit", () => { const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage(); require("node:fs").writeSync(3, JSON.stringify([userCPUTime + systemCPUTime, maxRSS])); });`;
  const begin = performance.now();
  const child = spawnSync(
    process.execPath,
    [
      "--import",
      `data:text/javascript,import{createRequire}from"node:module";const require=createRequire("${home}/x");${encodeURIComponent(tell)}`,
      program,
      ...argv,
    ],
    {
      stdio: ["ignore", "ignore", "pipe", "pipe"],
    },
  );
  const wallMs = performance.now() - begin;
  if (child.status !== 0) throw new Error(`connector ${argv.join(" ")}: ${child.stderr}`);
  const [cpu, rss]: [number, number] = JSON.parse(String(child.output[3]));
  return { wallMs, cpuMs: cpu / 1000, memoryMb: rss / 1024 };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
