/** One scenario from its seed to its figures. */

import type { LimitObject } from "../../runtime/ports.ts";
import { loadScripts, type StateScripts } from "../../runtime/redis/redis-state.ts";
import { capacity } from "../../schema/language/limits.ts";
import type { Network } from "./connection.ts";
import { draw, pick, untilNext } from "./distribution.ts";
import { idealQueue } from "./ideal.ts";
import type { LuaScript } from "./lua-script.ts";
import { Host, Machine } from "./machine.ts";
import { FleetMember } from "./member.ts";
import { memoryOf } from "./memory.ts";
import { compiledScripts, SimulatedRedis } from "./redis-server.ts";
import type { Fault, Scenario } from "./scenario.ts";
import { Starts } from "./starts.ts";
import { World } from "./world.ts";

export interface FleetFigures {
  readonly starts: number;
  /** Of what the limits allow, or of what was asked for where that is less. */
  readonly used: number;
  /** The fullest rolling window at the upstream by `limit + burst`, shortened by 50 ms or 5 % of the interval as promise 4 counts. */
  readonly worstWindow: number;
  readonly waitMs: { readonly p50: number; readonly p95: number; readonly p99: number };
  readonly scriptsPerStart: number;
  /** Of the time, that the server's thread was busy. */
  readonly serverBusy: number;
  /** Of the keys that are in use. */
  readonly bytesPerKey: number;
  readonly failures: number;
  /** Changes between gone and back, the most of any process. */
  readonly changes: number;
  /** Starts in each tenth of a second, of all keys. */
  readonly perTenth: readonly number[];
}

/** The fleet's processes join within this time, five thousand a second where they are many, and begin to call within as much. */
function joiningTime({ processes }: Scenario): number {
  return Math.max(50, processes / 5);
}

export interface Simulation {
  readonly scripts: StateScripts;
  readonly compiled: ReadonlyMap<string, LuaScript>;
}

/** What all simulations share. */
export async function prepareSimulation(): Promise<Simulation> {
  const scripts = await loadScripts();
  return { scripts, compiled: compiledScripts(scripts) };
}

export async function simulate(
  { scripts, compiled }: Simulation,
  scenario: Scenario,
  seed: number,
): Promise<FleetFigures> {
  const world = new World(seed);
  const shared = scenario.cores === undefined ? undefined : new Machine(scenario.cores);
  const own = (): Machine => shared ?? new Machine(1);
  const redis = new SimulatedRedis(world, own(), scenario.server, compiled);
  const network: Network = { latency: scenario.latency, loss: scenario.loss, resendMs: 200, slowness: 1 };
  const starts = new Starts();
  const hosts = Array.from(
    { length: scenario.processes },
    () => new Host(world, own(), () => draw(world.random, scenario.eventCost)),
  );
  const members = hosts.map(
    (host, index) =>
      new FleetMember({
        world,
        host,
        redis,
        network,
        scripts,
        name: `process-${String(index).padStart(8, "0")}-0000-0000-000000000000`,
        processes: scenario.processes,
        lease: scenario.lease,
        upstream: scenario.upstream,
        limitOf: (key) => limitObject(scenario, key),
        starts,
      }),
  );
  const joiningMs = joiningTime(scenario);
  for (const [index, member] of members.entries())
    hosts[index]?.event(joiningMs * world.random(), () => member.start());
  for (const fault of scenario.faults) befall(world, redis, network, hosts, fault);
  const end = 2 * joiningMs + 1_000 * scenario.seconds;
  if (scenario.load.kind === "callers") askAgain(world, hosts, members, scenario.load.each, scenario, end);
  else arrive(world, hosts, members, scenario.load.perSecond, scenario, end);
  await world.run(end);
  return figures(scenario, starts, redis, members, end);
}

function askAgain(
  world: World,
  hosts: readonly Host[],
  members: readonly FleetMember[],
  each: number,
  scenario: Scenario,
  end: number,
): void {
  const { keys, skew } = scenario;
  const joiningMs = joiningTime(scenario);
  const spreadMs = scenario.processes > 100 ? joiningMs : 0;
  for (const [index, member] of members.entries()) {
    const again = (): void => {
      if (world.now >= end) return;
      member.ask(pick(world.random, keys, skew), () => hosts[index]?.event(world.now, again));
    };
    hosts[index]?.event(2 * joiningMs + spreadMs * world.random(), () => {
      for (let caller = 0; caller < each; caller++) again();
    });
  }
}

function arrive(
  world: World,
  hosts: readonly Host[],
  members: readonly FleetMember[],
  perSecond: number,
  scenario: Scenario,
  end: number,
): void {
  const { keys, skew } = scenario;
  const next = (): void => {
    const index = Math.floor(world.random() * members.length);
    const key = pick(world.random, keys, skew);
    hosts[index]?.event(world.now, () => members[index]?.ask(key, () => undefined));
    const at = world.now + untilNext(world.random, perSecond);
    if (at < end) world.at(at, next);
  };
  world.at(2 * joiningTime(scenario), next);
}

function befall(
  world: World,
  redis: SimulatedRedis,
  network: Network,
  hosts: readonly Host[],
  { kind, atMs, forMs }: Fault,
): void {
  const lasting = (begin: () => void, end: () => void): void => {
    world.at(atMs, begin);
    world.at(atMs + forMs, end);
  };
  switch (kind) {
    case "slow":
      lasting(
        () => {
          network.slowness = 50;
        },
        () => {
          network.slowness = 1;
        },
      );
      return;
    case "pause":
      world.at(atMs, () => redis.pause(forMs));
      return;
    case "outage":
    case "restart":
      lasting(
        () => redis.stop(kind === "outage"),
        () => redis.start(),
      );
      return;
    case "flush":
      world.at(atMs, () => redis.store.flush());
      return;
    case "stall":
      world.at(atMs, () => {
        for (const host of hosts) if (world.random() < 0.1) host.stall(forMs);
      });
  }
}

function limitObject({ rule }: Scenario, key: number): LimitObject {
  return {
    key: { tenant: "t", kind: "limit", id: `limit-${key}` },
    group: `g${key}`,
    smooth: false,
    ...rule,
  };
}

function figures(
  scenario: Scenario,
  starts: Starts,
  redis: SimulatedRedis,
  members: readonly FleetMember[],
  end: number,
): FleetFigures {
  const { rule, keys, seconds, load } = scenario;
  const from = 2 * joiningTime(scenario);
  const possible = keys * idealQueue(rule, seconds).starts.length;
  const asked = load.kind === "arrivals" ? Math.min(possible, load.perSecond * seconds) : possible;
  const guarded = rule.intervalMs - Math.max(50, rule.intervalMs / 20);
  return {
    starts: starts.count,
    used: starts.within(from, end) / asked,
    worstWindow: starts.worst(guarded) / capacity(rule),
    waitMs: { p50: starts.wait(0.5), p95: starts.wait(0.95), p99: starts.wait(0.99) },
    scriptsPerStart: redis.scripts / Math.max(1, starts.count),
    serverBusy: redis.busyMs / end,
    bytesPerKey: memoryOf(redis.store) / Math.max(1, starts.keys),
    failures: [...starts.failures.values()].reduce((sum, count) => sum + count, 0),
    changes: members.reduce((most, member) => Math.max(most, member.changes), 0),
    perTenth: starts.perTenth(end),
  };
}
