/**
 * A fleet of real processes at a real Redis beside what the simulation predicts for it: `node --import tsx bench/fleet.ts
 * [--seconds=8] [--write]`. The simulation is given what is measured before: the way to Redis and back, what a script
 * costs the server, and how many cores all of them share.
 */
import { randomUUID } from "node:crypto";
import { availableParallelism, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { Redis } from "ioredis";
import type { LimitObject } from "../runtime/ports.ts";
import type { RedisClient } from "../runtime/redis/connect.ts";
import { createRedisState, type RedisState } from "../runtime/redis/index.ts";
import { redisStateOver } from "../runtime/redis/redis-state.ts";
import { capacity } from "../schema/language/limits.ts";
import { percentile, runFleet, worstWindow } from "../test/support/fleet.ts";
import { hasRedis, startRedis } from "../test/support/redis-server.ts";
import type { Spread } from "./fleet-sim/distribution.ts";
import { tableOf, writePart } from "./fleet-sim/document.ts";
import { idealQueue, idealWait } from "./fleet-sim/ideal.ts";
import { Machine } from "./fleet-sim/machine.ts";
import { memoryOf } from "./fleet-sim/memory.ts";
import { SimulatedRedis } from "./fleet-sim/redis-server.ts";
import type { Rule, Scenario } from "./fleet-sim/scenario.ts";
import { usual } from "./fleet-sim/scenarios.ts";
import { prepareSimulation, type Simulation, simulate } from "./fleet-sim/simulate.ts";
import { World } from "./fleet-sim/world.ts";

const { values } = parseArgs({
  options: { seconds: { type: "string", default: "8" }, write: { type: "boolean", default: false } },
});
const seconds = Number(values.seconds);
const rule: Rule = usual.rule;
const callers = 200;

interface Figures {
  readonly used: number;
  readonly worstWindow: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly scriptsPerStart: number;
}

if (hasRedis()) await main();

async function main(): Promise<void> {
  const simulation = await prepareSimulation();
  const rows: (string | number)[][] = [];
  for (const processes of [1, 4, 16]) {
    const server = await startRedis();
    const client = new Redis(server.port);
    try {
      const latency = await wayTo(client);
      const { figures: measured, scriptMs } = await measure(client, server.url, processes);
      const scenario: Scenario = {
        ...usual,
        processes,
        seconds,
        latency,
        cores: availableParallelism(),
        // What a script costs as the server counts it; its request and answer beside that.
        server: { requestMs: 0.01, scriptMs, commandMs: 0 },
        load: { kind: "callers", each: callers },
      };
      const figures = await simulate(simulation, scenario, 1);
      const predicted = { ...figures, ...figures.waitMs };
      const ideal = idealWait(idealQueue(rule, seconds), callers * processes, 0.99);
      rows.push(
        rowOf(processes, "measured", measured, ideal),
        rowOf(processes, "predicted", predicted, ideal),
      );
    } finally {
      client.disconnect();
      await server.stop();
    }
  }
  const head = [
    "processes",
    "",
    "used",
    "fullest window",
    "wait p50",
    "p95",
    "p99",
    "p99 / ideal",
    "scripts per start",
  ];
  const load = `${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1)}`;
  publish("real", `${tableOf(head, rows)}\n\n${seconds} s each; ${load}.`);
  publish("memory", await memoryTable(simulation));
}

function publish(name: string, text: string): void {
  console.log(`\n${text}`);
  if (values.write) writePart(name, text);
}

async function measure(
  client: Redis,
  url: string,
  processes: number,
): Promise<{ readonly figures: Figures; readonly scriptMs: number }> {
  await client.config("RESETSTAT");
  const keyPrefix = randomUUID();
  const run = await runFleet({ url, keyPrefix, callers, processes, lease: 1, seconds, ...rule });
  const stats = await client.info("commandstats");
  const spent = [...stats.matchAll(/cmdstat_eval(?:sha)?:calls=(\d+),usec=(\d+)/g)];
  const scripts = spent.reduce((sum, [, calls]) => sum + Number(calls), 0);
  const us = spent.reduce((sum, [, , one]) => sum + Number(one), 0);
  const waits = run.members.flatMap((member) => member.waits);
  const inTime = run.arrivals.filter((at) => at <= seconds * 1_000).length;
  const figures: Figures = {
    used: inTime / idealQueue(rule, seconds).starts.length,
    worstWindow: worstWindow(run.arrivals, rule.intervalMs - Math.max(50, run.stallMs)) / capacity(rule),
    p50: percentile(waits, 0.5),
    p95: percentile(waits, 0.95),
    p99: percentile(waits, 0.99),
    scriptsPerStart: scripts / run.arrivals.length,
  };
  return { figures, scriptMs: us / scripts / 1_000 };
}

/** One way to Redis, as half of what a `PING` takes. */
async function wayTo(client: Redis): Promise<Spread> {
  const times: number[] = [];
  for (let count = 0; count < 500; count++) {
    const since = performance.now();
    await client.ping();
    times.push((performance.now() - since) / 2);
  }
  const medianMs = percentile(times, 0.5);
  return { medianMs, ratio: Math.max(1, percentile(times, 0.84) / medianMs) };
}

function rowOf(processes: number, kind: string, figures: Figures, ideal: number): (string | number)[] {
  const percent = (part: number): string => `${(100 * part).toFixed(0)} %`;
  const ms = (time: number): string => `${time.toFixed(time < 10 ? 1 : 0)} ms`;
  return [
    processes,
    kind,
    percent(figures.used),
    percent(figures.worstWindow),
    ms(figures.p50),
    ms(figures.p95),
    ms(figures.p99),
    (figures.p99 / ideal).toFixed(2),
    figures.scriptsPerStart.toFixed(2),
  ];
}

/** Bytes of a key by the server's own count, and by the simulation's. */
async function memoryTable(simulation: Simulation): Promise<string> {
  const keys = 500;
  const rows: (string | number)[][] = [];
  for (const each of [1, 10, 100]) {
    const server = await startRedis();
    const client = new Redis(server.port);
    const state = await createRedisState({ url: server.url, keyPrefix: "scale" });
    await fill(state, keys, each);
    let bytes = 0;
    for (const key of await client.keys("scale:{l.*")) bytes += (await client.memory("USAGE", key)) ?? 0;
    rows.push([each, (bytes / keys).toFixed(0), (await predictedMemory(simulation, keys, each)).toFixed(0)]);
    await state.close();
    client.disconnect();
    await server.stop();
  }
  return tableOf(["starts in the window", "bytes per key, `MEMORY USAGE`", "predicted"], rows);
}

/** The same calls into the simulated store, with nothing between. */
async function predictedMemory(
  { scripts, compiled }: Simulation,
  keys: number,
  each: number,
): Promise<number> {
  const world = new World(1);
  const redis = new SimulatedRedis(world, new Machine(1), usual.server, compiled);
  const client = {
    status: "ready",
    evalsha: async (sha: string, count: number, ...rest: (string | number | Buffer)[]) => {
      world.now += 0.1;
      return redis.execute({ sha, keys: rest.slice(0, count).map(String), args: rest.slice(count) });
    },
    disconnect: () => undefined,
  };
  const { state } = redisStateOver(client as unknown as RedisClient, scripts, randomUUID(), {
    keyPrefix: "scale",
  });
  await fill(state, keys, each);
  const bytes = memoryOf(redis.store);
  await state.close();
  return bytes / keys;
}

async function fill(state: RedisState, keys: number, each: number): Promise<void> {
  for (let key = 0; key < keys; key++) {
    const limit: LimitObject = {
      key: { tenant: "t", kind: "limit", id: `limit-${key}` },
      group: `g${key}`,
      limit: 100,
      intervalMs: 60_000,
      burst: 0,
      smooth: false,
    };
    for (let call = 0; call < each; call++) await state.admit([limit], 1);
  }
}
