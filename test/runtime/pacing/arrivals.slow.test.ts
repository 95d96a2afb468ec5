/**
 * Promise 4 at a real server in a process of its own: 30 s under saturation, with connections that are closed all the
 * time, answers and accepts held back on the way, and connecting held back.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import type { LookupFunction } from "node:net";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { createRuntime } from "../../../runtime/index.ts";
import { descriptor, irOf } from "../../support/line.ts";
import { type Lag, stoodStill, watchLags } from "./lags.ts";
import { monotonicMs, watchWire } from "./wire-watch.ts";

const seconds = 30;
const stallMs = 1_200;
const callers = 200;
const connections = 100;

interface Counted {
  /** Request and time. */
  readonly arrivals: readonly (readonly [id: string, at: number])[];
  readonly lags: readonly Lag[];
}

interface CountingServer {
  readonly port: string;
  stall(ms: number): void;
  end(): Promise<Counted>;
}

async function countingServer(answersPerConnection: number): Promise<CountingServer> {
  const loader = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
  const program = new URL("./counting-server.mts", import.meta.url).pathname;
  const child: ChildProcess = spawn(
    process.execPath,
    ["--import", loader, program, String(answersPerConnection)],
    { stdio: ["pipe", "pipe", "inherit"] },
  );
  const { stdin, stdout } = child;
  if (stdin === null || stdout === null) throw new Error("The server has no pipes.");
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<string> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error("The server ended early.");
    return value;
  };
  return {
    port: await next(),
    stall: (ms) => stdin.write(`stall ${ms}\n`),
    end: async () => {
      stdin.write("end\n");
      const counted: Counted = JSON.parse(await next());
      stdin.end();
      return counted;
    },
  };
}

interface SlowLookup {
  readonly lookup: LookupFunction;
  /** For so long no name is resolved, and so nothing is connected. */
  stall(ms: number): void;
}

function slowLookup(): SlowLookup {
  let stalledUntil = 0;
  return {
    lookup: (_, options, found) => {
      const answer = (): void => {
        if (options.all === true) found(null, [{ address: "127.0.0.1", family: 4 }]);
        else found(null, "127.0.0.1", 4);
      };
      setTimeout(answer, Math.max(0, stalledUntil - monotonicMs()));
    },
    stall: (ms) => {
      stalledUntil = monotonicMs() + ms;
    },
  };
}

interface Saturated extends Counted {
  readonly since: number;
  readonly wentAt: ReadonlyMap<string, number>;
}

/** Calls without a pause until the time is over. */
async function saturate(limit: number, burst: number): Promise<Saturated> {
  // Within a second all connections are used up.
  const server = await countingServer(Math.max(1, limit / connections));
  const names = slowLookup();
  const ir = await irOf(
    descriptor(`operations: [{ operation_id: op, summary: One, endpoint: /x, auth_type_ref: none }]
rate_limits: [{ scope: per_connection, limit: ${limit}, interval_seconds: 1, burst: ${burst} }]`),
  );
  const network = {
    allow: ["127.0.0.1", "server.test"],
    connectionsPerOrigin: connections,
    lookup: names.lookup,
  };
  const { wentAt, ...world } = watchWire(network);
  const runtime = createRuntime({ ...world, network });
  const connection = runtime.connect(ir, { config: { base_url: `http://server.test:${server.port}` } });
  const own = watchLags();
  const since = monotonicMs();
  const stalls = [
    setTimeout(() => server.stall(stallMs), (seconds * 1000) / 3),
    setTimeout(() => names.stall(stallMs), (seconds * 2000) / 3),
  ];
  const caller = async (): Promise<void> => {
    while (monotonicMs() < since + seconds * 1000) await connection.call("op");
  };
  await Promise.all(Array.from({ length: callers }, caller));
  for (const stall of stalls) clearTimeout(stall);
  await runtime.close();
  const { arrivals, lags } = await server.end();
  return { since, wentAt, arrivals, lags: [...lags, ...own.end()] };
}

/**
 * The most that arrived in a window which is shorter than the interval by the guard of promise 4. Who arrived later
 * after it went than the guard allows for met a machine that was busy: it counts as just so late.
 */
function worstWindow({ arrivals, wentAt }: Saturated, intervalMs: number): number {
  const guardMs = Math.max(50, intervalMs / 20);
  const times = arrivals
    .map(([id, at]) => Math.min(at, (wentAt.get(id) ?? Number.NEGATIVE_INFINITY) + guardMs))
    .sort((a, b) => a - b);
  let worst = 0;
  let first = 0;
  for (const [index, end] of times.entries()) {
    while ((times[first] ?? end) <= end - (intervalMs - guardMs)) first++;
    worst = Math.max(worst, index - first + 1);
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
    const saturated = await saturate(limit, burst);
    const { arrivals, wentAt, since } = saturated;
    const worst = worstWindow(saturated, 1000);
    const stillMs = stoodStill(saturated.lags);
    const inTime = arrivals.filter(([, at]) => at < since + seconds * 1000).length;
    const could = (limit * (seconds * 1000 - 2 * stallMs - stillMs)) / 1000;
    console.log(
      `${limit}/s + ${burst}: ${inTime} arrived, worst window ${worst}, ${((100 * inTime) / (limit * seconds)).toFixed(1)} % of 30 s, stood still ${Math.round(stillMs)} ms`,
    );
    expect(new Set(arrivals.map(([id]) => id))).toEqual(new Set(wentAt.keys()));
    expect(arrivals).toHaveLength(wentAt.size);
    expect(worst).toBeLessThanOrEqual(limit + burst);
    expect(inTime).toBeGreaterThanOrEqual(0.95 * could);
  },
);
