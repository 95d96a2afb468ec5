/** Runs a fleet of processes against one limit in Redis, and counts their starts where they arrive. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { createInterface } from "node:readline";
import { buildSync } from "esbuild";
import type { MemberReport, MemberTask } from "./fleet-member.mts";

export interface FleetTask extends Omit<MemberTask, "upstream"> {
  readonly seconds: number;
  /** Goes on until so many have started, for a minute at most: a busy machine takes its time. */
  readonly atLeast?: number;
  /** Something that happens while all run. */
  readonly meanwhile?: () => Promise<void>;
  /** What is another in the first process, the second, and so on. */
  readonly each?: readonly Partial<MemberTask>[];
}

export interface FleetRun {
  /** Milliseconds since the fleet began, one for each start, in order of arrival. */
  readonly arrivals: readonly number[];
  readonly members: readonly MemberReport[];
  /** When Redis dated each start, Unix milliseconds of its clock, in order. */
  readonly stamps: readonly number[];
  /** The longest stall of this process or a member: so late may a start arrive, or be counted. */
  readonly stallMs: number;
}

export async function runFleet(task: FleetTask): Promise<FleetRun> {
  const arrivals: number[] = [];
  const server = createServer((socket) => {
    socket.on("data", (bytes) => {
      const now = performance.now();
      for (let count = 0; count < bytes.length; count++) arrivals.push(now);
    });
    socket.on("error", () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const { seconds, meanwhile, atLeast = 0, each = [], ...rest } = task;
  const tasks = Array.from(
    { length: task.processes },
    (_, index): MemberTask => ({ ...rest, upstream: address.port, ...each[index] }),
  );
  const members = startMembers("fleet-member.mts", tasks);
  try {
    await Promise.all(members.map(({ next }) => next()));
    const begin = performance.now();
    const stalls = monitorEventLoopDelay({ resolution: 5 });
    stalls.enable();
    for (const { child } of members) child.stdin?.write("go\n");
    await Promise.all([new Promise((resolve) => setTimeout(resolve, seconds * 1_000)), meanwhile?.()]);
    while (arrivals.length < atLeast && performance.now() - begin < 60_000)
      await new Promise((resolve) => setTimeout(resolve, 100));
    for (const { child } of members) child.stdin?.write("stop\n");
    const reports = await Promise.all(
      members.map(async ({ next }): Promise<MemberReport> => JSON.parse(await next())),
    );
    stalls.disable();
    const stallMs = reports.reduce((most, one) => Math.max(most, one.stallMs), stalls.max / 1e6);
    const stamps = reports.flatMap((report) => report.stamps).sort((a, b) => a - b);
    return { arrivals: arrivals.map((at) => at - begin), members: reports, stamps, stallMs };
  } finally {
    for (const { child } of members) if (child.exitCode === null) child.kill("SIGKILL");
    server.close();
  }
}

/** The most starts in any rolling window of so many milliseconds. */
export function worstWindow(arrivals: readonly number[], windowMs: number): number {
  let worst = 0;
  let from = 0;
  for (const [index, at] of arrivals.entries()) {
    while ((arrivals[from] ?? at) <= at - windowMs) from++;
    worst = Math.max(worst, index - from + 1);
  }
  return worst;
}

export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}

/** A process that speaks in lines. */
export interface Member {
  readonly child: ChildProcess;
  next(): Promise<string>;
}

export function startMembers(file: string, tasks: readonly object[]): readonly Member[] {
  const program = bundled(file);
  return tasks.map((task) => startMember(program, task));
}

function startMember(program: string, task: object): Member {
  const child = spawn(process.execPath, [program, JSON.stringify(task)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  if (child.stdout === null) throw new Error("no output");
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    child,
    next: async () => {
      const line = await lines.next();
      if (line.done === true) throw new Error("a member of the fleet has ended early");
      return line.value;
    },
  };
}

/** One file with all that a member imports: sixteen processes that each load the sources would take half a minute. */
function bundled(file: string): string {
  const folder = mkdtempSync(join(tmpdir(), "connectorc-member-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const outfile = join(folder, `${basename(file, ".mts")}.mjs`);
  buildSync({
    entryPoints: [new URL(file, import.meta.url).pathname],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
    logLevel: "error",
  });
  return outfile;
}
