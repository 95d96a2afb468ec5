import { describe, expect, test } from "vitest";
import { upstreamCases } from "./http-cases.ts";
import { sessionServer } from "./session-server.ts";
import { connectedTo } from "./support.ts";

describe("a server of the revision 2025-11-25", () => {
  upstreamCases("2025-11-25", sessionServer);

  test("that forgot the session is greeted again, and the call goes once more", async () => {
    const stage = await sessionServer();
    const connection = await connectedTo(stage);
    await connection.call("list_orders", { shop: "a" });
    stage.forget();
    const calls = ["b", "c", "d"].map((shop) => connection.call("list_orders", { shop }));
    const answers = await Promise.all(calls);
    expect(answers.map(({ data, attempts }) => [data, attempts])).toEqual(
      ["b", "c", "d"].map((shop) => [{ orders: [{ id: 1, shop, limit: null }] }, 1]),
    );
    expect(stage.seen.filter(({ method }) => method === "initialize")).toHaveLength(2);
  });
});
