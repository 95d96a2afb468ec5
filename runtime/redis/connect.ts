/** Opens connections to Redis in which nothing waits unseen. The one door to `ioredis`, loaded when a URL is given. */
import type { RedisOptions as AllRedisOptions, Cluster, ClusterOptions, Redis } from "ioredis";
import { ConnectorError } from "../errors.ts";
import { type RedisAddress, readAddress } from "./address.ts";

export type RedisClient = Redis | Cluster;

/** How replies are mapped is part of a client's type. */
type RedisOptions = Omit<AllRedisOptions, "replyMapping">;

export interface ConnectOptions {
  readonly url?: string;
  readonly client?: RedisClient;
  /** Authorities (PEM) beside those of the system, for `rediss://`. */
  readonly ca?: string;
}

/**
 * What the defaults of the client would hide: a queue while there is no connection, commands sent again after a
 * connection broke (an admission would count twice), and answers that never come.
 */
const visible = {
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
  commandTimeout: 1_900,
  connectTimeout: 2_000,
  // A connection to a machine that is gone would stand for a quarter of an hour: the kernel goes on trying.
  socketTimeout: 2_500,
  // A server that loads its data is asked again soon, and not when it guesses that it will be done.
  maxLoadingRetryTime: 200,
} satisfies RedisOptions;

/** Back within a second of Redis, and not all processes at once. */
const retryStrategy = (times: number): number => Math.min(100, 20 * times) + Math.random() * 100;

const redisOptions: RedisOptions = {
  ...visible,
  retryStrategy,
  // A master that became a replica answers so, Redis 6 in the middle of its words: the address may lead to the new one.
  reconnectOnError: (error) => error.message.includes("READONLY"),
};

const clusterOptions: ClusterOptions = {
  enableOfflineQueue: false,
  clusterRetryStrategy: retryStrategy,
  maxRedirections: 4,
  retryDelayOnFailover: 20,
  retryDelayOnClusterDown: 20,
  retryDelayOnTryAgain: 10,
  slotsRefreshTimeout: 1_000,
  slotsRefreshInterval: 5_000,
};

/** Connections of our own: one that is passed in is copied, with its address and credentials, and left alone. */
export async function connectRedis(options: ConnectOptions): Promise<RedisClient> {
  if (options.client !== undefined) return duplicate(options.client);
  if (options.url === undefined) throw configuration("Give `url` or `client` for the Redis state.");
  const address = readAddress(options.url);
  const { Cluster, Redis } = await loadClient();
  const tls = address.tls ? (options.ca === undefined ? {} : { ca: options.ca }) : undefined;
  const login = { ...loginOf(address), ...(tls === undefined ? {} : { tls }) };
  if (address.kind === "cluster")
    return watched(
      new Cluster([...address.hosts], { ...clusterOptions, redisOptions: { ...visible, ...login } }),
    );
  return watched(new Redis({ ...redisOptions, ...login, ...placeOf(address, tls), db: address.db }));
}

/** Another connection to the same place. */
export function duplicate(client: RedisClient): RedisClient {
  return watched(
    "nodes" in client
      ? client.duplicate([], {
          ...clusterOptions,
          redisOptions: { ...withoutMapping(client.options.redisOptions), ...visible },
        })
      : client.duplicate(redisOptions),
  );
}

function withoutMapping(options: AllRedisOptions = {}): RedisOptions {
  const { replyMapping: _, ...others } = options;
  return others;
}

/**
 * Without a listener an error of a connection would end the process; who asks the connection is told. A client that
 * has given up is set going again: that of version 6.0 does so for good when a sentinel tells of a failover while it
 * looks for the master.
 */
function watched<T extends RedisClient>(client: T): T {
  client.on("error", ignore);
  client.on("end", () => {
    const again = (): void => {
      if (!ended.has(client)) client.connect().catch(ignore);
    };
    setTimeout(again, retryStrategy(1)).unref();
  });
  return client;
}

/** Connections that are to stay ended. */
const ended = new WeakSet<RedisClient>();

/** Ends a connection of ours for good. */
export function disconnect(client: RedisClient): void {
  ended.add(client);
  client.disconnect();
}

function ignore(): void {}

function loginOf({ username, password }: RedisAddress): RedisOptions {
  return {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
  };
}

function placeOf({ kind, hosts, master }: RedisAddress, tls: RedisOptions["tls"]): RedisOptions {
  if (kind === "sentinel")
    return {
      sentinels: [...hosts],
      ...(master === undefined ? {} : { name: master }),
      failoverDetector: true,
      sentinelRetryStrategy: retryStrategy,
      sentinelCommandTimeout: 1_000,
      ...(tls === undefined ? {} : { sentinelTLS: tls, enableTLSForSentinelMode: true }),
    };
  const [first] = hosts;
  return first === undefined ? {} : { host: first.host, port: first.port };
}

async function loadClient(): Promise<Pick<typeof import("ioredis"), "Cluster" | "Redis">> {
  try {
    const { Cluster, Redis } = await import("ioredis");
    return { Cluster, Redis };
  } catch (cause) {
    throw configuration("The Redis state needs the package ioredis. Run `npm install ioredis@6`.", cause);
  }
}

function configuration(message: string, cause?: unknown): ConnectorError {
  return new ConnectorError({ code: "configuration", phase: "configuration", message, cause });
}
