/** A fleet that calls without a pause over a cluster of three masters and three replicas, while a slot moves and a master dies. */
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { startCallingFleet } from "../../support/calling-fleet.ts";
import { type ClusterNode, type RedisCluster, startCluster } from "../../support/redis-cluster.ts";
import { hasRedis } from "../../support/redis-server.ts";
import { addUser, clusterRights } from "./rights.ts";

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe.skipIf(!hasRedis())("a fleet over a cluster with replicas", () => {
  let cluster: RedisCluster;
  let url = "";
  beforeAll(async () => {
    cluster = await startCluster(3, 1, ["--cluster-node-timeout", "1000", "--repl-diskless-sync-delay", "0"]);
    for (const { root } of [...cluster.masters, ...cluster.replicas])
      await addUser(root, "password", clusterRights);
    url = `redis+cluster://app:password@${cluster.hosts}`;
  });
  afterAll(() => cluster.stop());

  /** The master that keeps the fleet's limit, and the slot in which it lies. */
  async function keeper(keyPrefix: string): Promise<{ readonly node: ClusterNode; readonly slot: number }> {
    const find = async () => {
      for (const node of cluster.masters) {
        const [key] = await node.root.keys(`${keyPrefix}:{l.*:m`);
        if (key !== undefined) return { node, slot: Number(await node.root.cluster("KEYSLOT", key)) };
      }
      return undefined;
    };
    return (await vi.waitUntil(find, { timeout: 30_000 })) ?? Promise.reject(new Error("no limit"));
  }

  /** Key after key: half of them here, half there, which no MOVED tells of but ASK and TRYAGAIN. */
  async function move(slot: number, from: ClusterNode, to: ClusterNode): Promise<number> {
    await to.root.cluster("SETSLOT", slot, "IMPORTING", from.id);
    await from.root.cluster("SETSLOT", slot, "MIGRATING", to.id);
    let moved = 0;
    const step = async (): Promise<boolean> => {
      const keys = (await from.root.cluster("GETKEYSINSLOT", slot, 1)) as string[];
      if (keys.length > 0)
        await from.root.call("MIGRATE", "127.0.0.1", to.server.port, "", 0, 1_000, "KEYS", ...keys);
      moved += keys.length;
      await pause(100);
      return keys.length === 0;
    };
    for (let count = 0; count < 100 && !(await step()); count++);
    // Whoever takes it over says so first.
    for (const node of [to, ...cluster.masters.filter((node) => node !== to)])
      await node.root.cluster("SETSLOT", slot, "NODE", to.id);
    return moved;
  }

  test("follows a slot that moves to another master, and finds the replica of one that dies", async () => {
    const fleet = await startCallingFleet(url);
    const { node: first, slot } = await keeper(fleet.keyPrefix);
    const second = cluster.masters.find((node) => node !== first);
    if (second === undefined) throw new Error("one master");
    expect(await move(slot, first, second)).toBeGreaterThan(0);
    await pause(700);
    expect((await keeper(fleet.keyPrefix)).node).toBe(second);
    await second.server.kill();
    const heir = cluster.replicas[cluster.masters.indexOf(second)];
    await vi.waitUntil(async () => (await heir?.root.info("replication"))?.includes("role:master"), {
      timeout: 60_000,
      interval: 50,
    });
    // A token that was forgotten by a replica that lags is asked for once more.
    const reports = await fleet.finish(1);
    for (const { changes } of reports) expect(changes).toBeGreaterThanOrEqual(2);
  });
});
