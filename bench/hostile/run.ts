/** One run of the built program on one text: what came out, how long it took and how much memory it held. */
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import type { HostileCase } from "./case.ts";

/** What a text of two mebibytes may take: 300 MB are 286 MiB. */
export const bounds = { seconds: 2, mebibytes: 286 };

/** What a process did; `code` is null where it was killed. */
export interface Run {
  readonly code: number | null;
  readonly seconds: number;
  /** Of all its threads; on a busy machine it says more than the time that passed. */
  readonly processorSeconds: number;
  readonly mebibytes: number;
  readonly stdout: string;
  readonly stderr: string;
}

const program = join(import.meta.dirname, "..", "..", "dist", "cli", "connector.cjs");
const probe = join(import.meta.dirname, "probe.cjs");

/** Validates the text of a case in a process of its own; it is killed after four minutes, which is what a busy machine may take. */
export async function runCase({ file, text }: HostileCase, folder: string, format = "pretty"): Promise<Run> {
  const path = join(folder, `hostile.${file}`);
  writeFileSync(path, text());
  const start = process.hrtime.bigint();
  const child = spawn(process.execPath, ["--require", probe, program, "validate", "--format", format, path], {
    stdio: ["ignore", "pipe", "pipe", "pipe"],
    timeout: 240_000,
  });
  const code = new Promise<number | null>((resolve) => child.once("close", resolve));
  const [stdout, stderr, told] = await Promise.all(
    // The third pipe is the probe's; spawn makes readable ones of all three.
    [child.stdout, child.stderr, child.stdio[3] as Readable].map(textOf),
  );
  const status = await code;
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  const [kibibytes = Number.NaN, microseconds = Number.NaN] = (told ?? "").split(" ").map(Number);
  const used = { processorSeconds: microseconds / 1e6, mebibytes: kibibytes / 1024 };
  return { code: status, seconds, ...used, stdout: stdout ?? "", stderr: stderr ?? "" };
}

async function textOf(stream: Readable | null): Promise<string> {
  const chunks: Buffer[] = [];
  if (stream) for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
