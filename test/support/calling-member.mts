/**
 * One process of a fleet that calls without a pause, each call with a token that soon ends and under a limit, while its
 * store fails in every way. Says what came of the calls when it is told to stop (a line on standard input).
 */
import { createRuntime } from "../../runtime/index.ts";
import type { Logger } from "../../runtime/ports.ts";
import { createRedisState } from "../../runtime/redis/index.ts";
import type { Connector } from "../../schema/ir.ts";

export interface CallingTask {
  readonly url: string;
  readonly keyPrefix: string;
  readonly origin: string;
  readonly host: string;
  readonly ir: Connector;
  readonly callers: number;
  readonly processes: number;
  readonly timeoutMs: number;
}

export interface CallingReport {
  readonly answered: number;
  /** Answered in the last two seconds before the end: what was started alone may fill the window before. */
  readonly answeredLast: number;
  readonly errors: Readonly<Record<string, number>>;
  readonly longestMs: number;
  readonly lines: number;
  readonly changes: number;
  readonly up: boolean;
  readonly unhandled: number;
}

const task: CallingTask = JSON.parse(process.argv[2] ?? "");
let unhandled = 0;
process.on("unhandledRejection", () => unhandled++);
let lines = 0;
const note = (): void => void lines++;
const logger: Logger = { debug: note, info: note, warn: note, error: note };
const { url, keyPrefix, processes } = task;
const state = await createRedisState({ url, keyPrefix, processes, logger });
const runtime = createRuntime({
  state,
  secrets: { key: "a key that all processes know" },
  network: { allow: [task.host] },
});
const connection = runtime.connect(task.ir, {
  credentials: { client_id: "id", client_secret: "secret" },
  config: { base_url: task.origin },
});
const errors: Record<string, number> = {};
const answeredAt: number[] = [];
let longestMs = 0;
let stopped = false;

async function caller(): Promise<void> {
  while (!stopped) {
    const since = performance.now();
    const outcome = await connection.attempt("op", {}, { timeoutMs: task.timeoutMs });
    const now = performance.now();
    longestMs = Math.max(longestMs, now - since);
    if (outcome.ok) answeredAt.push(now);
    else {
      errors[outcome.error.code] = (errors[outcome.error.code] ?? 0) + 1;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

const line = (): Promise<unknown> => new Promise((resolve) => process.stdin.once("data", resolve));
// Whoever started it is gone.
process.stdin.on("end", () => process.exit(1));
process.stdout.write("ready\n");
await line();
const callers = Array.from({ length: task.callers }, caller);
await line();
// The store is there again; a busy machine may take its time to see it.
for (let waited = 0; waited < 600 && !state.health().up; waited++)
  await new Promise((resolve) => setTimeout(resolve, 50));
await new Promise((resolve) => setTimeout(resolve, 3_000));
const end = performance.now();
stopped = true;
await Promise.all(callers);
const report: CallingReport = {
  answered: answeredAt.length,
  answeredLast: answeredAt.filter((at) => at > end - 2_000 && at <= end).length,
  errors,
  longestMs,
  lines,
  changes: state.health().changes,
  up: state.health().up,
  unhandled,
};
await runtime.close();
await state.close();
process.stdout.write(`${JSON.stringify(report)}\n`, () => process.exit(0));
