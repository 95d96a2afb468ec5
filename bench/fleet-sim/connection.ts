/** A process's connection to the simulated Redis: what takes the place of the client. */
import type { RedisClient } from "../../runtime/redis/connect.ts";
import { draw, type Spread } from "./distribution.ts";
import type { Host } from "./machine.ts";
import type { SimulatedRedis } from "./redis-server.ts";
import type { World } from "./world.ts";

export interface Network {
  /** One way. */
  readonly latency: Spread;
  /** Of all messages, those that are sent again after `resendMs`. */
  readonly loss: number;
  readonly resendMs: number;
  /** What the latency is multiplied with at present. */
  slowness: number;
}

/** The client gives up on a command after so long, as `connect.ts` sets it. */
const commandLimitMs = 1_900;

export class Connection {
  readonly #world: World;
  readonly #host: Host;
  readonly #redis: SimulatedRedis;
  readonly #network: Network;
  #outAt = 0;
  #inAt = 0;

  constructor(world: World, host: Host, redis: SimulatedRedis, network: Network) {
    this.#world = world;
    this.#host = host;
    this.#redis = redis;
    this.#network = network;
  }

  /** As far as the states of limits use a client. */
  get client(): RedisClient {
    const connection = {
      status: "ready",
      evalsha: (sha: string, count: number, ...rest: (string | number | Buffer)[]) =>
        this.#send(sha, rest.slice(0, count).map(String), rest.slice(count)),
      disconnect: () => undefined,
    };
    return connection as unknown as RedisClient;
  }

  #send(sha: string, keys: readonly string[], args: readonly (string | number | Buffer)[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const since = this.#world.now;
      // Without a connection the client fails at once: nothing waits in a queue of its own.
      if (!this.#redis.running) {
        reject(Object.assign(new Error("Connection is closed."), { code: "ECONNREFUSED" }));
        return;
      }
      this.#outAt = Math.max(this.#outAt, since + this.#way());
      const back = (react: () => void): void => {
        this.#inAt = Math.max(this.#inAt, this.#world.now + this.#way());
        this.#host.event(this.#inAt, react);
      };
      const answered = (answer: unknown): void =>
        back(() =>
          this.#world.now - since > commandLimitMs ? reject(new Error("Command timed out")) : resolve(answer),
        );
      const failed = (error: Error): void => back(() => reject(error));
      this.#world.at(this.#outAt, () => this.#redis.receive({ sha, keys, args, answered, failed }));
    });
  }

  /** Messages of one connection keep their order, so what is lost holds up those behind it. */
  #way(): number {
    const { latency, slowness, loss, resendMs } = this.#network;
    const way = slowness * draw(this.#world.random, latency);
    return this.#world.random() < loss ? way + resendMs : way;
  }
}
