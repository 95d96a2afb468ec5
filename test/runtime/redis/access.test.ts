/** A server that speaks TLS alone to a user who may do no more than docs/fleet.md says: the contract holds all the same. */
import { randomUUID } from "node:crypto";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRedisState } from "../../../runtime/redis/index.ts";
import { createCertificate, stateContract } from "../../../runtime/testing/index.ts";
import { hasRedis, hasRedisTls, type RedisServer, startRedis } from "../../support/redis-server.ts";
import { addUser, singleRights } from "./rights.ts";
import { quietState } from "./support.ts";

const password = "canary p@ss:word/of the user";

describe.skipIf(!hasRedis())(
  "a user with the rights of docs/fleet.md, over TLS where the server has it",
  () => {
    const tls = hasRedisTls() ? createCertificate() : undefined;
    const ca = tls === undefined ? {} : { ca: tls.cert };
    let server: RedisServer;
    let url: string;
    let root: Redis;
    beforeAll(async () => {
      server = await startRedis([], tls === undefined ? {} : { tls });
      url = server.url.replace("//", `//app:${encodeURIComponent(password)}@`);
      root = new Redis(server.port, "127.0.0.1", tls === undefined ? {} : { tls: { ca: tls.cert } });
      await addUser(root, password, singleRights);
    });
    afterAll(async () => {
      root.disconnect();
      await server.stop();
    });

    const make = () => quietState([root], { url, ...ca, keyPrefix: `connectorc:${randomUUID()}` });
    for (const { name, run } of stateContract(make)) it(name, run);

    it("may read no other key, and empty nothing", async () => {
      const app = root.duplicate({ username: "app", password, enableReadyCheck: false });
      await expect(app.get("another")).rejects.toThrow("NOPERM");
      await expect(app.flushall()).rejects.toThrow("NOPERM");
      await expect(app.keys("*")).rejects.toThrow("NOPERM");
      app.disconnect();
    });

    it.skipIf(tls === undefined)("is not served where the authority is unknown", async () => {
      const state = await createRedisState({ url });
      expect(state.health().up).toBe(false);
      await state.close();
    });

    it("is not served with another password", async () => {
      const state = await createRedisState({ url: url.replace("canary", "wrong"), ...ca });
      expect(state.health().up).toBe(false);
      await state.close();
    });
  },
);
