/**
 * How fast `connector validate` is, in whole processes of the built program. `npm run bench` builds first. The peers
 * are measured with `--peers`, which installs them into a temporary folder (network), or with `--peers=FOLDER`, where
 * they are installed. Exits 1 past a bound.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { benchDescriptor } from "./descriptor.ts";
import { installPeers, peersIn } from "./peers.ts";
import { type Contestant, mediansOf, timeOf } from "./process.ts";

const program = join(import.meta.dirname, "..", "dist", "cli", "connector.cjs");

/** Most that `validate` may take, as a multiple of `node -e ''`: Node 22 keeps compiled code itself, 20 does not. */
const startBound = Number(process.versions.node.split(".")[0]) >= 22 ? 2 : 2.5;
const startRounds = 15;
const peerRounds = 3;
const manyFiles = 1_000;
const manyBoundMs = 6_000;
const largeBoundMs = 2_000;
/** What eight times the text may take, as a multiple of eight times the time, without what a start takes. */
const linearBound = 1.5;
const missed: string[] = [];

const folder = mkdtempSync(join(tmpdir(), "connector-bench-"));
try {
  const descriptor = join(folder, "connector.yaml");
  writeFileSync(descriptor, benchDescriptor());
  const load = loadavg()[0]?.toFixed(1);
  console.log(
    `Node ${process.versions.node}, ${availableParallelism()} cores, load ${load}; medians of whole processes`,
  );
  start(descriptor);
  peers(descriptor);
  many();
  large();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
for (const what of missed) console.log(`MISSED: ${what}`);
process.exitCode = missed.length === 0 ? 0 : 1;

function start(descriptor: string): void {
  const lines = benchDescriptor().split("\n").length;
  const medians = mediansOf(
    {
      "node -e ''": { args: ["-e", ""] },
      "--version": { args: [program, "--version"] },
      validate: ours(descriptor),
    },
    startRounds,
  );
  console.log(`\n${lines} lines, 5 response schemas, ${startRounds} interleaved runs`);
  const base = medians["node -e ''"];
  for (const [name, took] of Object.entries(medians)) row(name, took, `${(took / base).toFixed(2)} x node`);
  hold(medians.validate / base <= startBound, `validate takes more than ${startBound} x node -e ''`);
}

function peers(descriptor: string): void {
  const given = process.argv.find((word) => /^--peers(=|$)/.test(word));
  if (given === undefined) {
    console.log("\nSKIPPED: ajv-cli, Redocly and Spectral; give --peers to install and measure them");
    return;
  }
  const home = given.slice("--peers=".length) || join(folder, "peers");
  if (!given.startsWith("--peers=")) {
    mkdirSync(home);
    installPeers(home);
  }
  const medians = mediansOf({ validate: ours(descriptor), ...peersIn(home, folder, descriptor) }, peerRounds);
  console.log(`\ndocuments of 300 lines with 5 response schemas, ${peerRounds} interleaved runs`);
  const own = medians.validate;
  for (const [name, took] of Object.entries<number>(medians)) {
    row(name, took, `${(took / own).toFixed(2)} x validate`);
    hold(name === "validate" || took > own, `${name} is faster`);
  }
}

function many(): void {
  const home = join(folder, "many");
  mkdirSync(home);
  for (let index = 0; index < manyFiles; index++)
    writeFileSync(
      join(home, `${index}.yaml`),
      benchDescriptor().replace("bench-tracker", `bench-tracker-${index}`),
    );
  const took = timeOf(ours(home));
  console.log(`\n${manyFiles} files of 300 lines`);
  row("validate", took, `bound ${manyBoundMs} ms on two cores`);
  hold(took <= manyBoundMs, `${manyFiles} files take more than ${manyBoundMs} ms`);
}

function large(): void {
  console.log("\none file of realistic YAML");
  const empty = timeOf(ours(join(folder, "connector.yaml")));
  const sizes = [1, 2, 4, 8].map((factor) => {
    const file = join(folder, `large-${factor}.yaml`);
    const text = largeDescriptor(factor * 255 * 1024);
    writeFileSync(file, text);
    const took = Math.min(timeOf(ours(file)), timeOf(ours(file)));
    row(`${factor} x`, took, `${(text.length / 1024).toFixed(0)} KiB`);
    return took - empty;
  });
  const [least = 0, , , most = 0] = sizes;
  hold(most + empty <= largeBoundMs, `2 MB take more than ${largeBoundMs} ms`);
  hold(most <= least * 8 * linearBound, "time grows faster than the text");
}

/** As many operations as fit into the bytes. */
function largeDescriptor(bytes: number): string {
  const [head = "", operations = ""] = benchDescriptor().split(/(?<=^operations:\n)/m);
  let text = head;
  for (let copy = 0; ; copy++) {
    const more = operations.replaceAll(/operation_id: .+/g, (id) => `${id}_${copy}`);
    if (text.length + more.length > bytes) return text;
    text += more;
  }
}

function ours(path: string): Contestant {
  return { args: [program, "validate", path] };
}

function row(name: string, took: number, note: string): void {
  console.log(`${name.padEnd(14)}${took.toFixed(0).padStart(8)} ms   ${note}`);
}

function hold(isHeld: boolean, otherwise: string): void {
  if (!isHeld) missed.push(otherwise);
}
