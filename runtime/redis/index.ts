/** `connectorc/redis`: one connector in many processes. Needs the package `ioredis`. */

export type { RedisClient } from "./connect.ts";
export { createRedisState, type RedisState, type RedisStateOptions } from "./redis-state.ts";
