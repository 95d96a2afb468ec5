/** A state that processes share: limits, credentials and locks in Redis 6.2+ or Valkey. */
import { systemClock } from "../clock.ts";
import { ConnectorError } from "../errors.ts";
import type { Clock, Logger, State } from "../ports.ts";
import type { OtelMeter } from "../telemetry/otel-types.ts";
import { Availability } from "./availability.ts";
import { toUs } from "./clock-time.ts";
import { connectRedis, disconnect, type RedisClient } from "./connect.ts";
import { keySpace } from "./keys.ts";
import type { LimitScripts } from "./limit-store.ts";
import { runScript, type Script, scriptOf } from "./script.ts";
import { admitScript } from "./scripts/admit.ts";
import { fleetScript } from "./scripts/fleet.ts";
import { aliveScript, giveBackScript, hearScript, reportScript } from "./scripts/limits.ts";
import {
  getSecretScript,
  keepLeaseScript,
  lookScript,
  setSecretScript,
  takeLeaseScript,
} from "./scripts/secrets.ts";
import { SharedLimits } from "./shared-limits.ts";
import { type SecretScripts, SharedSecrets } from "./shared-secrets.ts";

/** How long a process counts that has said nothing more. */
const processLifeMs = 10_000;

export interface RedisStateOptions {
  /** `redis://`, `rediss://`, `redis+sentinel://…/master`, `redis+cluster://`; see `docs/fleet.md`. */
  readonly url?: string;
  /** A client of `ioredis` in place of a URL. It is copied: its own queues and time limits stay as they are, and so does its connection. */
  readonly client?: RedisClient;
  /** Authorities (PEM) for `rediss://`, beside those of the system. */
  readonly ca?: string;
  /** What all names in Redis begin with. Default: `connectorc`. */
  readonly keyPrefix?: string;
  /** How many processes share the limits, until Redis has told of more, and for 10 s at least. Default: 1. */
  readonly processes?: number;
  /** Units that one question may fetch for those who wait, for limits of thousands a second. Default: 1. */
  readonly lease?: number;
  readonly clock?: Clock;
  readonly logger?: Logger;
  /** Told `connectorc.state.up`. */
  readonly meter?: OtelMeter;
  /** The clock that limits and lives count by; `clock` is for tests on a clock that stands still. Default: `server`. */
  readonly time?: "server" | "clock";
}

export interface RedisState extends State {
  /** Whether Redis answers, how often that has changed, and how many processes share it, as last known. */
  health(): { readonly up: boolean; readonly changes: number; readonly processes: number };
}

/**
 * Connects. Rejects with `configuration` where the address cannot be read or `ioredis` is missing; a Redis that does
 * not answer is no reason to: the state works as without it, and recovers by itself.
 */
export async function createRedisState(options: RedisStateOptions): Promise<RedisState> {
  check(options);
  const clock = options.clock ?? systemClock;
  const client = await connectRedis(options);
  const owner = globalThis.crypto.randomUUID();
  const { state, start } = redisStateOver(client, await loadScripts(), owner, options);
  await ready(client, clock);
  await start();
  return state;
}

/** Every script with its hash, made once for any number of states. */
export async function loadScripts(): Promise<StateScripts> {
  return {
    fleet: await scriptOf(fleetScript),
    limits: {
      admit: await scriptOf(admitScript),
      giveBack: await scriptOf(giveBackScript),
      hear: await scriptOf(hearScript),
      report: await scriptOf(reportScript),
      alive: await scriptOf(aliveScript),
    },
    secrets: {
      get: await scriptOf(getSecretScript),
      set: await scriptOf(setSecretScript),
      take: await scriptOf(takeLeaseScript),
      keep: await scriptOf(keepLeaseScript),
      look: await scriptOf(lookScript),
    },
  };
}

export interface StateScripts {
  readonly fleet: Script;
  readonly limits: LimitScripts;
  readonly secrets: SecretScripts;
}

/** The state of the process `owner` over a client that is its own. `start` settles when it has asked whether Redis is there. */
export function redisStateOver(
  client: RedisClient,
  scripts: StateScripts,
  owner: string,
  options: RedisStateOptions,
): { readonly state: RedisState; start(): Promise<void> } {
  const clock = options.clock ?? systemClock;
  const keys = keySpace(options.keyPrefix ?? "connectorc");
  const time = options.time === "clock" ? () => String(toUs(clock.now())) : () => "";
  const beat = async (lifeMs: number): Promise<number> =>
    Number(await runScript(client, scripts.fleet, [keys.fleet], [time(), owner, toUs(lifeMs)]));
  const availability: Availability = new Availability({
    clock,
    processes: options.processes ?? 1,
    lifeMs: processLifeMs,
    logger: options.logger,
    meter: options.meter,
    beat: async () => {
      const count = await beat(processLifeMs);
      await limits.alive();
      return count;
    },
    gone: (processes) => limits.gone(processes),
    recovered: () => limits.recovered(),
  });
  const limits: SharedLimits = new SharedLimits({
    client,
    clock,
    keys,
    availability,
    owner,
    lease: options.lease ?? 1,
    time,
    scripts: scripts.limits,
  });
  const secrets = new SharedSecrets({ client, clock, keys, availability, time, scripts: scripts.secrets });
  const state: RedisState = {
    admit: (all, cost, demand) => limits.admit(all, cost, demand),
    refund: (all, cost, at) => limits.refund(all, cost, at),
    release: (all) => limits.release(all),
    feedback: (limit, said) => limits.feedback(limit, said),
    getSecret: (key) => secrets.get(key),
    compareAndSet: (key, fence, value, ttlMs) => secrets.compareAndSet(key, fence, value, ttlMs),
    lease: (key, ttlMs) => secrets.lease(key, ttlMs),
    subscribe: (key, changed) => secrets.subscribe(key, changed),
    inspect: async () => ({ limits: await limits.report(), secrets: secrets.count() }),
    health: () => ({
      up: availability.up,
      changes: availability.changes,
      processes: availability.processes,
    }),
    close: async () => {
      const leave = availability.up ? beat(0).catch(() => 0) : Promise.resolve(0);
      availability.close();
      secrets.close();
      await Promise.race([leave, pause(clock, 200)]);
      disconnect(client);
    },
  };
  return { state, start: () => availability.start() };
}

function check({ lease = 1, processes = 1, keyPrefix = "connectorc" }: RedisStateOptions): void {
  const fault = (message: string): ConnectorError =>
    new ConnectorError({ code: "configuration", phase: "configuration", message });
  if (!(Number.isSafeInteger(lease) && lease >= 1))
    throw fault("`lease` takes a whole number of at least 1.");
  if (!(Number.isSafeInteger(processes) && processes >= 1))
    throw fault("`processes` takes a whole number of at least 1.");
  if (keyPrefix === "" || /[{}\s]/.test(keyPrefix))
    throw fault("`keyPrefix` takes a text without braces and blanks, of at least one character.");
}

/** Settles when there is a connection, or after so long without one. */
function ready(client: RedisClient, clock: Clock): Promise<void> {
  if (client.status === "ready") return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(done, 2_000);
    const late = clock.timer(2_000, done);
    client.once("ready", done);
    client.once("close", done);
    function done(): void {
      clearTimeout(timer);
      late.cancel();
      client.off("ready", done);
      client.off("close", done);
      resolve();
    }
  });
}

function pause(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    clock.timer(ms, resolve);
  });
}
