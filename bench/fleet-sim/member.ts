/** One process of the fleet: the runtime's own pacer and its own Redis state, on a simulated host. */
import { createPacer, type Lane, type Pacer } from "../../runtime/pacing/pacer.ts";
import type { LimitObject } from "../../runtime/ports.ts";
import { type RedisState, redisStateOver, type StateScripts } from "../../runtime/redis/redis-state.ts";
import { Connection, type Network } from "./connection.ts";
import { draw, type Spread } from "./distribution.ts";
import type { Host } from "./machine.ts";
import type { SimulatedRedis } from "./redis-server.ts";
import type { Starts } from "./starts.ts";
import type { World } from "./world.ts";

export interface MemberOptions {
  readonly world: World;
  readonly host: Host;
  readonly redis: SimulatedRedis;
  readonly network: Network;
  readonly scripts: StateScripts;
  readonly name: string;
  readonly processes: number;
  readonly lease: number;
  readonly upstream: Spread;
  readonly limitOf: (key: number) => LimitObject;
  readonly starts: Starts;
}

const patienceMs = 30_000;

export class FleetMember {
  readonly #options: MemberOptions;
  readonly #state: RedisState;
  readonly #pacer: Pacer;
  readonly #lanes = new Map<number, Lane>();
  #begin: () => Promise<void>;

  constructor(options: MemberOptions) {
    this.#options = options;
    const { world, host, redis, network, scripts, name, processes, lease } = options;
    const client = new Connection(world, host, redis, network).client;
    const { state, start } = redisStateOver(client, scripts, name, { clock: host.clock, processes, lease });
    this.#state = state;
    this.#begin = start;
    this.#pacer = createPacer({ state, clock: host.clock });
  }

  start(): void {
    void this.#begin();
  }

  get changes(): number {
    return this.#state.health().changes;
  }

  /** Asks for one start of this key; `done` is called when it has been made, or when it will not be. */
  ask(key: number, done: () => void): void {
    const { host, starts } = this.#options;
    const since = host.clock.now();
    const asked = this.#options.world.now;
    const failed = (error: unknown): void => {
      starts.failed(error);
      done();
    };
    try {
      const grant = this.#pacer.acquire(this.#lane(key), { cost: 1, deadline: since + patienceMs });
      if (!(grant instanceof Promise)) {
        this.#started(key, asked);
        grant.release();
        done();
        return;
      }
      grant.then((granted) => {
        this.#started(key, asked);
        granted.release();
        done();
      }, failed);
    } catch (error) {
      failed(error);
    }
  }

  #started(key: number, asked: number): void {
    const { world, starts, upstream } = this.#options;
    const arrival = world.now + draw(world.random, upstream);
    starts.made(key, arrival, world.now - asked);
  }

  #lane(key: number): Lane {
    const known = this.#lanes.get(key);
    if (known !== undefined) return known;
    const lane = this.#pacer.lane([this.#options.limitOf(key)], "t");
    this.#lanes.set(key, lane);
    return lane;
  }
}
