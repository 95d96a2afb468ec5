/**
 * A simulated Redis: one thread that runs our scripts one after another on its own clock, at the cost of the commands
 * that they call, and what can befall it.
 */

import type { LimitScripts } from "../../runtime/redis/limit-store.ts";
import type { StateScripts } from "../../runtime/redis/redis-state.ts";
import type { Script } from "../../runtime/redis/script.ts";
import { compileLua, type LuaScript, type LuaValue, Packed } from "./lua-script.ts";
import type { Machine } from "./machine.ts";
import { RedisStore } from "./redis-store.ts";
import type { World } from "./world.ts";

/** What a script costs the server's thread, milliseconds: reading and answering, beginning, each command that it calls. */
export interface ServerCosts {
  readonly requestMs: number;
  readonly scriptMs: number;
  readonly commandMs: number;
}

export interface Request {
  readonly sha: string;
  readonly keys: readonly string[];
  readonly args: readonly (string | number | Buffer)[];
  readonly answered: (answer: unknown) => void;
  readonly failed: (error: Error) => void;
}

/** Microseconds of the server's clock at the beginning of the world. */
const epochUs = 1_700_000_000_000_000;

export class SimulatedRedis {
  readonly store: RedisStore;
  /** False while it is stopped: connections break, and none can be made. */
  running = true;
  /** Scripts that it has run. */
  scripts = 0;
  busyMs = 0;
  readonly #world: World;
  readonly #machine: Machine;
  readonly #costs: ServerCosts;
  readonly #scripts: ReadonlyMap<string, LuaScript>;
  #queue: Request[] = [];
  #busy = false;
  #pausedUntil = 0;

  constructor(world: World, machine: Machine, costs: ServerCosts, scripts: ReadonlyMap<string, LuaScript>) {
    this.#world = world;
    this.#machine = machine;
    this.#costs = costs;
    this.#scripts = scripts;
    this.store = new RedisStore(() => epochUs + Math.round(world.now * 1_000));
  }

  receive(request: Request): void {
    if (!this.running) {
      request.failed(connectionLost());
      return;
    }
    this.#queue.push(request);
    this.#next();
  }

  /** Takes requests and runs none for so long (`CLIENT PAUSE`, a fork, a disk). */
  pause(ms: number): void {
    this.#pausedUntil = this.#world.now + ms;
  }

  /** Ends at once, and forgets everything but what a disk keeps for it. */
  stop(keepsData: boolean): void {
    this.running = false;
    if (!keepsData) this.store.flush();
    const dropped = this.#queue;
    this.#queue = [];
    for (const request of dropped) request.failed(connectionLost());
  }

  start(): void {
    this.running = true;
  }

  #next(): void {
    if (this.#busy || this.#queue.length === 0) return;
    this.#busy = true;
    const start = Math.max(this.#world.now, this.#pausedUntil);
    this.#world.at(start, () => this.#serve());
  }

  #serve(): void {
    const request = this.#queue.shift();
    if (request === undefined || this.#world.now < this.#pausedUntil) {
      if (request !== undefined) this.#queue.unshift(request);
      this.#busy = false;
      this.#next();
      return;
    }
    const before = this.store.calls;
    const answer = this.execute(request);
    const ms =
      this.#costs.requestMs + this.#costs.scriptMs + (this.store.calls - before) * this.#costs.commandMs;
    this.scripts++;
    this.busyMs += ms;
    const end = this.#machine.reserve(this.#world.now, ms) + ms;
    this.#world.at(end, () => {
      this.#busy = false;
      if (this.running) request.answered(answer);
      else request.failed(connectionLost());
      this.#next();
    });
  }

  /** Runs a script at once, whoever else waits. */
  execute({ sha, keys, args }: Pick<Request, "sha" | "keys" | "args">): unknown {
    const script = this.#scripts.get(sha);
    if (script === undefined) throw new TypeError(`a script that is not simulated: ${sha}`);
    return replyOf(script(this.store.call, [undefined, ...keys], [undefined, ...args.map(argumentOf)]));
  }
}

/** The scripts about limits and the fleet, by their hashes. */
export function compiledScripts({ fleet, limits }: StateScripts): ReadonlyMap<string, LuaScript> {
  const all: Script[] = [fleet, ...Object.values(limits satisfies LimitScripts)];
  return new Map(all.map(({ sha, text }) => [sha, compileLua(text)]));
}

/** Packed doubles are the only bytes that we send. */
function argumentOf(argument: string | number | Buffer): LuaValue {
  if (!Buffer.isBuffer(argument)) return String(argument);
  return new Packed(
    Array.from({ length: argument.length / 8 }, (_, index) => argument.readDoubleLE(8 * index)),
  );
}

/** Numbers lose their fractions on the way, as Redis sends them. */
function replyOf(value: LuaValue): unknown {
  if (Array.isArray(value)) return value.slice(1).map(replyOf);
  return typeof value === "number" ? Math.trunc(value) : value;
}

function connectionLost(): Error {
  return Object.assign(new Error("Connection is closed."), { code: "ECONNREFUSED" });
}
