/** A Redis Cluster of the test's own: masters that divide the slots among them, each with so many replicas. */
import { Redis } from "ioredis";
import { vi } from "vitest";
import { type RedisServer, startRedis } from "./redis-server.ts";

const slots = 16_384;
const soon = { timeout: 60_000, interval: 50 };

export interface ClusterNode {
  readonly server: RedisServer;
  /** A connection to this node, as the user who may do everything. */
  readonly root: Redis;
  readonly id: string;
}

export interface RedisCluster {
  readonly masters: readonly ClusterNode[];
  /** In the order of the masters that they copy. */
  readonly replicas: readonly ClusterNode[];
  /** For a URL: every node's place. */
  readonly hosts: string;
  stop(): Promise<void>;
}

/** Settles when every node knows all slots, and every replica its master. `extra` are words for each server's command line. */
export async function startCluster(
  masters: number,
  replicasOfEach = 0,
  extra: readonly string[] = [],
): Promise<RedisCluster> {
  const words = ["--cluster-enabled", "yes", "--cluster-config-file", "nodes.conf", ...extra];
  const nodes: ClusterNode[] = [];
  for (let count = 0; count < masters * (1 + replicasOfEach); count++) {
    const server = await startRedis(words);
    const root = new Redis(server.url, { retryStrategy: () => 50 });
    root.on("error", () => undefined);
    nodes.push({ server, root, id: String(await root.cluster("MYID")) });
  }
  const leaders = nodes.slice(0, masters);
  const [first] = leaders;
  for (const [index, { root, server }] of nodes.entries()) {
    await root.call("CLUSTER", "SET-CONFIG-EPOCH", String(index + 1));
    if (server !== first?.server) await first?.root.cluster("MEET", "127.0.0.1", server.port);
  }
  for (const [index, { root }] of leaders.entries()) {
    const [from, to] = [index, index + 1].map((part) => Math.floor((part * slots) / masters));
    const own = Array.from({ length: (to ?? 0) - (from ?? 0) }, (_, slot) => (from ?? 0) + slot);
    await root.cluster("ADDSLOTS", ...own);
  }
  await vi.waitUntil(() => all(nodes, "CLUSTER", "INFO", (text) => text.includes("cluster_state:ok")), soon);
  await vi.waitUntil(
    () => all(nodes, "CLUSTER", "NODES", (text) => text.split("\n").filter(Boolean).length === nodes.length),
    soon,
  );
  const copies = nodes.slice(masters);
  for (const [index, { root }] of copies.entries())
    await root.cluster("REPLICATE", leaders[Math.floor(index / replicasOfEach)]?.id ?? "");
  await vi.waitUntil(
    () => all(copies, "INFO", "replication", (text) => text.includes("master_link_status:up")),
    soon,
  );
  await vi.waitUntil(
    () => all(nodes, "CLUSTER", "NODES", (text) => [...text.matchAll(/\bslave\b/g)].length === copies.length),
    soon,
  );
  return {
    masters: leaders,
    replicas: copies,
    hosts: nodes.map(({ server }) => `127.0.0.1:${server.port}`).join(","),
    stop: async () => {
      for (const { root } of nodes) root.disconnect();
      for (const { server } of nodes) await server.stop();
    },
  };
}

/** Whether the text that each node answers is as it is to be. */
async function all(
  nodes: readonly ClusterNode[],
  command: string,
  word: string,
  isRight: (text: string) => boolean,
): Promise<boolean> {
  const said = await Promise.all(nodes.map(({ root }) => root.call(command, word)));
  return said.every((text) => isRight(String(text)));
}
