/** The contract again, over three nodes that divide the keys among them. */
import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createRedisState } from "../../../runtime/redis/index.ts";
import { createFakeClock, stateContract } from "../../../runtime/testing/index.ts";
import { hasRedis, type RedisServer, startRedis } from "../../support/redis-server.ts";
import { quietly } from "./support.ts";

describe.skipIf(!hasRedis())("a state in a cluster", () => {
  const nodes: RedisServer[] = [];
  beforeAll(async () => {
    for (let count = 0; count < 3; count++)
      nodes.push(await startRedis(["--cluster-enabled", "yes", "--cluster-config-file", "nodes.conf"]));
    const hosts = nodes.map(({ port }) => `127.0.0.1:${port}`);
    execFileSync("redis-cli", ["--cluster", "create", ...hosts, "--cluster-yes"], { stdio: "ignore" });
    await vi.waitUntil(() => nodes.every(({ port }) => isWhole(port)), { timeout: 30_000, interval: 100 });
  });
  afterAll(async () => {
    for (const node of nodes) await node.stop();
  });

  const make = async () => {
    const watched = await quietly(nodes, createFakeClock());
    const state = await createRedisState({
      url: `redis+cluster://${nodes.map(({ port }) => `127.0.0.1:${port}`).join(",")}`,
      keyPrefix: randomUUID(),
      clock: watched.clock,
      time: "clock",
    });
    expect(state.health().up).toBe(true);
    return {
      state,
      clock: watched.clock,
      close: async () => {
        await state.close();
        watched.close();
      },
    };
  };
  for (const { name, run } of stateContract(make)) it(name, run);
});

function isWhole(port: number): boolean {
  return execFileSync("redis-cli", ["-p", String(port), "cluster", "info"]).includes("cluster_state:ok");
}
