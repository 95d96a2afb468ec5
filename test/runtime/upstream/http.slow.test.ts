import { describe, expect, onTestFinished, test, vi } from "vitest";
import { createRuntime } from "../../../runtime/index.ts";
import { createFakeClock } from "../../../runtime/testing/index.ts";
import { irOf } from "../../support/line.ts";
import { upstreamCases } from "./http-cases.ts";
import { type SessionStage, sessionServer } from "./session-server.ts";
import { connectedTo, overHttp, shop } from "./support.ts";

const greetings = ({ seen }: SessionStage) => seen.filter(({ method }) => method === "initialize").length;
const lists = ({ seen }: SessionStage) => seen.filter(({ method }) => method === "tools/list").length;

/** Connects once for every call, as a server of many accounts does. */
async function runtimeFor(stage: SessionStage) {
  const ir = await irOf(shop(overHttp, "", "[{ type: bearer }]"));
  const clock = createFakeClock();
  const runtime = createRuntime({ network: { allow: [stage.host] }, clock });
  onTestFinished(() => runtime.close());
  const connect = (token: string, tenant = "default") =>
    runtime.connect(ir, { config: { base_url: stage.url }, credentials: { token }, identity: { tenant } });
  return { runtime, connect, clock };
}

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
    expect(greetings(stage)).toBe(2);
  });

  test("answers many calls of one session at a time, each to whom it belongs", async () => {
    const stage = await sessionServer();
    const shops = Array.from({ length: 20 }, (_, at) => `shop ${at}`);
    const waiting = new Map<unknown, () => void>();
    stage.before = ({ shop }) =>
      new Promise((resolve) => {
        waiting.set(shop, resolve);
        // The last that came is answered first.
        if (waiting.size === shops.length) for (const tell of [...waiting.values()].reverse()) tell();
      });
    const connection = await connectedTo(stage);
    const answers = await Promise.all(shops.map((name) => connection.call("list_orders", { shop: name })));
    expect(answers.map(({ data }) => data)).toEqual(
      shops.map((name) => ({ orders: [{ id: 1, shop: name, limit: null }] })),
    );
    expect(greetings(stage)).toBe(1);
  });

  test("hears of a call that is given up, and goes on with the others", async () => {
    const stage = await sessionServer();
    const cancelled: unknown[] = [];
    stage.before = async ({ shop }, signal) => {
      if (shop === "quick") return;
      await new Promise<void>((resolve) => {
        signal.addEventListener("abort", () => {
          cancelled.push(shop);
          resolve();
        });
      });
    };
    const connection = await connectedTo(stage);
    await connection.call("list_orders", { shop: "quick" });
    const aborts = ["kept", "dropped"].map((name) => {
      const abort = new AbortController();
      return { abort, call: connection.attempt("list_orders", { shop: name }, { signal: abort.signal }) };
    });
    const calls = () => stage.seen.filter(({ method }) => method === "tools/call").length;
    await vi.waitFor(() => expect(calls()).toBe(3));
    aborts[1]?.abort.abort();
    expect(await aborts[1]?.call).toMatchObject({ ok: false, error: { code: "aborted" } });
    await vi.waitFor(() => expect(cancelled).toEqual(["dropped"]));
    expect((await connection.call("list_orders", { shop: "quick" })).status).toBe(200);
    expect(cancelled).toEqual(["dropped"]);
    aborts[0]?.abort.abort();
    await aborts[0]?.call;
    await vi.waitFor(() => expect(cancelled).toEqual(["dropped", "kept"]));
  });

  test("has one session of an account that connects for every call, and none of one that is gone", async () => {
    const stage = await sessionServer();
    const { runtime, connect, clock } = await runtimeFor(stage);
    for (let turn = 0; turn < 10; turn++)
      await connect(`token ${turn % 2}`).call("list_orders", { shop: "a" });
    expect(greetings(stage)).toBe(2);
    await connect("token 0", "another").call("list_orders", { shop: "a" });
    expect(greetings(stage)).toBe(3);
    await clock.advance(300_000);
    const kept = connect("token 2");
    await kept.call("list_orders", { shop: "a" });
    await vi.waitFor(() => expect(stage.ended).toBe(3));
    await runtime.close();
    expect(stage.ended).toBe(4);
    expect(stage.seen.at(-1)?.headers.authorization).toBe("Bearer token 2");
  });

  test("is asked again what it offers after five minutes, and once it says that this is something else", async () => {
    const stage = await sessionServer();
    const { connect, clock } = await runtimeFor(stage);
    const connection = connect("token");
    await connection.call("count");
    await clock.advance(299_999);
    await connection.call("count");
    expect(lists(stage)).toBe(1);
    await clock.advance(1);
    await Promise.all([1, 2, 3].map(() => connection.call("count")));
    expect(lists(stage)).toBe(2);
    stage.announces = true;
    await connection.call("count");
    stage.tools = stage.tools.slice(0, 2);
    expect(await connection.attempt("count")).toMatchObject({ ok: false, error: { code: "policy_denied" } });
    expect(lists(stage)).toBe(3);
    expect(greetings(stage)).toBe(1);
  });
});
