/** The contract again, over three nodes that divide the keys among them, for a user with the rights of docs/fleet.md. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, it } from "vitest";
import { stateContract } from "../../../runtime/testing/index.ts";
import { type RedisCluster, startCluster } from "../../support/redis-cluster.ts";
import { hasRedis } from "../../support/redis-server.ts";
import { addUser, clusterRights } from "./rights.ts";
import { quietState } from "./support.ts";

describe.skipIf(!hasRedis())("a state in a cluster", () => {
  let cluster: RedisCluster;
  let url = "";
  beforeAll(async () => {
    cluster = await startCluster(3);
    for (const { root } of cluster.masters) await addUser(root, "password", clusterRights);
    url = `redis+cluster://app:password@${cluster.hosts}`;
  });
  afterAll(() => cluster.stop());

  const make = () =>
    quietState(
      cluster.masters.map(({ root }) => root),
      { url, keyPrefix: `connectorc:${randomUUID()}` },
    );
  for (const { name, run } of stateContract(make)) it(name, run);
});
