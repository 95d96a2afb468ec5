/** Promise 4 at a real server in a process of its own: 30 s under saturation, answers and accepts stalled on the way. */
import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { createRuntime } from "../../../runtime/index.ts";
import { descriptor, irOf } from "../../support/line.ts";
import { type Lag, longestLag, watchLags } from "./lags.ts";

const seconds = 30;
const stallMs = 1_200;
const callers = 200;

interface Counted {
  readonly arrivals: readonly number[];
  readonly lags: readonly Lag[];
}

interface CountingServer {
  readonly origin: string;
  stall(ms: number): void;
  end(): Promise<Counted>;
}

async function countingServer(): Promise<CountingServer> {
  const loader = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
  const program = new URL("./counting-server.mts", import.meta.url).pathname;
  const child: ChildProcess = spawn(process.execPath, ["--import", loader, program], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const { stdin, stdout } = child;
  if (stdin === null || stdout === null) throw new Error("The server has no pipes.");
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<string> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error("The server ended early.");
    return value;
  };
  const port = await next();
  return {
    origin: `http://127.0.0.1:${port}`,
    stall: (ms) => stdin.write(`stall ${ms}\n`),
    end: async () => {
      stdin.write("end\n");
      const counted: Counted = JSON.parse(await next());
      return counted;
    },
  };
}

/** Calls without a pause until the time is over. */
async function saturate(limit: number, burst: number): Promise<Counted & { readonly since: number }> {
  const server = await countingServer();
  const ir = await irOf(
    descriptor(`operations: [{ operation_id: op, summary: One, endpoint: /x, auth_type_ref: none }]
rate_limits: [{ scope: per_connection, limit: ${limit}, interval_seconds: 1, burst: ${burst} }]`),
  );
  const runtime = createRuntime({ network: { allow: ["127.0.0.1"] } });
  const connection = runtime.connect(ir, { config: { base_url: server.origin } });
  const own = watchLags();
  const since = performance.timeOrigin + performance.now();
  const stall = setTimeout(() => server.stall(stallMs), (seconds * 1000) / 2);
  const caller = async (): Promise<void> => {
    while (performance.timeOrigin + performance.now() < since + seconds * 1000) await connection.call("op");
  };
  await Promise.all(Array.from({ length: callers }, caller));
  clearTimeout(stall);
  await runtime.close();
  const { arrivals, lags } = await server.end();
  return { since, arrivals, lags: [...lags, ...own.end()] };
}

/** The most units that arrived in a window, each shortened by the guard and by what the machine stood still in it. */
function worstWindow({ arrivals, lags }: Counted, intervalMs: number): number {
  const sorted = [...arrivals].sort((a, b) => a - b);
  const guardMs = Math.max(50, intervalMs / 20);
  let worst = 0;
  for (const [index, end] of sorted.entries()) {
    const lagMs = longestLag(lags, end - intervalMs, end + 1);
    const from = end - (intervalMs - guardMs - lagMs);
    let count = 0;
    for (let at = index; at >= 0 && (sorted[at] ?? 0) > from; at--) count++;
    worst = Math.max(worst, count);
  }
  return worst;
}

test.each([
  { limit: 100, burst: 0 },
  { limit: 1_000, burst: 50 },
])(
  "$limit a second and a burst of $burst: no window holds more, and 95 % are used",
  { concurrent: true },
  async ({ limit, burst }) => {
    const counted = await saturate(limit, burst);
    const { arrivals, lags, since } = counted;
    const worst = worstWindow(counted, 1000);
    const stoodStill = lags.reduce((sum, { from, until }) => sum + (until - from), 0);
    const inTime = arrivals.filter((at) => at < since + seconds * 1000).length;
    const could = (limit * (seconds * 1000 - stallMs - stoodStill)) / 1000;
    console.log(
      `${limit}/s + ${burst}: ${inTime} arrived, worst window ${worst}, ${((100 * inTime) / (limit * seconds)).toFixed(1)} % of 30 s, stood still ${Math.round(stoodStill)} ms`,
    );
    expect(worst).toBeLessThanOrEqual(limit + burst);
    expect(inTime).toBeGreaterThanOrEqual(0.95 * could);
  },
);
