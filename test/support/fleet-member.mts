/**
 * One process of a fleet, for tests and benches: so many callers at one limit, each of whom sends a byte to the
 * upstream when it may start, and asks again. Told what to do by one JSON argument; says what came of it on standard
 * output when it is told to stop (a line on standard input).
 */
import { createConnection } from "node:net";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { systemClock } from "../../runtime/clock.ts";
import { createPacer } from "../../runtime/pacing/pacer.ts";
import type { State } from "../../runtime/ports.ts";
import { createRedisState } from "../../runtime/redis/index.ts";

export interface MemberTask {
  readonly url: string;
  readonly keyPrefix: string;
  readonly upstream: number;
  readonly callers: number;
  readonly limit: number;
  readonly burst: number;
  readonly intervalMs: number;
  readonly processes: number;
  readonly lease: number;
  /** Whose calls these are, where all tenants share the limit. */
  readonly tenant?: string;
}

export interface MemberReport {
  readonly started: number;
  /** Milliseconds that each start waited. */
  readonly waits: readonly number[];
  /** When Redis dated each start, Unix milliseconds of its clock; what was started without it is not among them. */
  readonly stamps: readonly number[];
  readonly errors: Readonly<Record<string, number>>;
  readonly changes: number;
  readonly unhandled: number;
  /** The longest time for which the process did nothing that was due, milliseconds. */
  readonly stallMs: number;
}

const task: MemberTask = JSON.parse(process.argv[2] ?? "");
let unhandled = 0;
process.on("unhandledRejection", () => unhandled++);
const state = await createRedisState({
  url: task.url,
  keyPrefix: task.keyPrefix,
  processes: task.processes,
  lease: task.lease,
});
const stamps: number[] = [];
const dated: State = {
  ...state,
  admit: async (...question) => {
    const answer = await state.admit(...question);
    if (answer.admitted && (answer.at ?? -1) >= 0) stamps.push(answer.at ?? 0);
    return answer;
  },
};
const pacer = createPacer({ state: dated, clock: systemClock });
const socket = createConnection(task.upstream, "127.0.0.1").setNoDelay(true);
await new Promise((resolve) => socket.once("connect", resolve));
const lane = pacer.lane(
  [
    {
      key: { tenant: "*", kind: "limit", id: "fleet" },
      limit: task.limit,
      intervalMs: task.intervalMs,
      burst: task.burst,
      smooth: false,
    },
  ],
  task.tenant ?? "t",
);
const waits: number[] = [];
const errors: Record<string, number> = {};
let stopped = false;
const stopping = new AbortController();

async function caller(): Promise<void> {
  while (!stopped) {
    try {
      const since = performance.now();
      const request = { cost: 1, deadline: since + 60_000, signal: stopping.signal, priority: "normal" } as const;
      const grant = await pacer.acquire(lane, request);
      socket.write(".");
      waits.push(performance.now() - since);
      grant.release();
    } catch (error) {
      if (stopped) return;
      const code = error instanceof Error && "code" in error ? String(error.code) : "other";
      errors[code] = (errors[code] ?? 0) + 1;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

const line = (): Promise<unknown> => new Promise((resolve) => process.stdin.once("data", resolve));
process.stdout.write("ready\n");
await line();
const stalls = monitorEventLoopDelay({ resolution: 5 });
stalls.enable();
const callers = Array.from({ length: task.callers }, caller);
await line();
stopped = true;
stopping.abort();
await Promise.all(callers);
const changes = state.health().changes;
const report: MemberReport = {
  started: waits.length,
  waits,
  stamps,
  errors,
  changes,
  unhandled,
  stallMs: stalls.max / 1e6,
};
pacer.close();
await state.close();
socket.destroy();
process.stdout.write(`${JSON.stringify(report)}\n`, () => process.exit(0));
