/** The contract again, over three nodes that divide the keys among them, for a user with the rights of docs/fleet.md. */
import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, it, vi } from "vitest";
import { stateContract } from "../../../runtime/testing/index.ts";
import { hasRedis, type RedisServer, startRedis } from "../../support/redis-server.ts";
import { addUser, clusterRights } from "./rights.ts";
import { quietState } from "./support.ts";

describe.skipIf(!hasRedis())("a state in a cluster", () => {
  const nodes: RedisServer[] = [];
  const probes: Redis[] = [];
  let url = "";
  beforeAll(async () => {
    for (let count = 0; count < 3; count++)
      nodes.push(await startRedis(["--cluster-enabled", "yes", "--cluster-config-file", "nodes.conf"]));
    const hosts = nodes.map(({ port }) => `127.0.0.1:${port}`);
    execFileSync("redis-cli", ["--cluster", "create", ...hosts, "--cluster-yes"], { stdio: "ignore" });
    for (const node of nodes) {
      const root = new Redis(node.url);
      probes.push(root);
      await addUser(root, "password", clusterRights);
    }
    await vi.waitUntil(() => isWhole(probes), { timeout: 30_000, interval: 50 });
    url = `redis+cluster://app:password@${hosts.join(",")}`;
  });
  afterAll(async () => {
    for (const probe of probes) probe.disconnect();
    for (const node of nodes) await node.stop();
  });

  const make = () => quietState(probes, { url, keyPrefix: `connectorc:${randomUUID()}` });
  for (const { name, run } of stateContract(make)) it(name, run);
});

async function isWhole(nodes: readonly Redis[]): Promise<boolean> {
  const said = await Promise.all(nodes.map((node) => node.cluster("INFO")));
  return said.every((text) => String(text).includes("cluster_state:ok"));
}
