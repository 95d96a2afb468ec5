import { afterEach, describe, expect, it } from "vitest";
import { systemClock } from "../../../runtime/clock.ts";
import { type Connection, createRuntime, type Runtime, type State } from "../../../runtime/index.ts";
import { createMemoryState } from "../../../runtime/state/memory-state.ts";
import {
  createFailingState,
  createFakeClock,
  type FailingState,
  type FakeClock,
  json,
  type Routes,
  type StateScript,
  startServer,
  type TestServer,
  tokenEndpoint,
} from "../../../runtime/testing/index.ts";
import { descriptor, irOf } from "../../support/line.ts";

const yaml = descriptor(
  "operations: [{ operation_id: op, summary: One, endpoint: /x, auth_type_ref: oauth2_client_credentials }]",
  '  - type: oauth2_client_credentials\n    oauth: { token_url: "{base_url}/token" }',
);

let closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.map((close) => close()));
  closing = [];
});

interface Fleet {
  readonly server: TestServer;
  readonly state: FailingState;
  readonly connections: readonly Connection[];
}

/** Several runtimes over one asynchronous state and one secrets key, as processes of a fleet are. */
async function fleet(size: number, behave?: StateScript["behave"], delayMs = 30): Promise<Fleet> {
  const tokens = tokenEndpoint({ delayMs });
  const routes: Routes = { "POST /token": tokens.handler, "GET /x": tokens.protect(json(1)) };
  const server = await startServer(routes);
  const state = createFailingState(createMemoryState({ clock: systemClock }), {
    clock: systemClock,
    ...(behave ? { behave } : {}),
  });
  const ir = await irOf(yaml);
  const runtimes: Runtime[] = Array.from({ length: size }, () =>
    createRuntime({
      state,
      secrets: { key: "a key that all processes know" },
      network: { allow: [server.host] },
    }),
  );
  closing.push(async () => {
    await Promise.all(runtimes.map((runtime) => runtime.close()));
    await server.close();
  });
  const credentials = { client_id: "id", client_secret: "canary-secret" };
  return {
    server,
    state,
    connections: runtimes.map((runtime) =>
      runtime.connect(ir, { credentials, config: { base_url: server.origin } }),
    ),
  };
}

/** A state in memory with some of its methods replaced. */
function altered(clock: FakeClock, methods: Partial<State>): State {
  return new Proxy<State>(createMemoryState({ clock }), {
    get: (target, name) => {
      const member: unknown = Reflect.get(methods, name) ?? Reflect.get(target, name, target);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
}

describe("processes that share a state", () => {
  it("make one token call for 200 callers in four of them", async () => {
    const { server, connections } = await fleet(4);
    await Promise.all(
      connections.flatMap((connection) => Array.from({ length: 50 }, () => connection.call("op"))),
    );
    expect(server.times("/token")).toBe(1);
    expect(server.times("/x")).toBe(200);
  });

  it("renew a refused token once among them", async () => {
    const { server, connections } = await fleet(3);
    await Promise.all(connections.map((connection) => connection.call("op")));
    server.reply({
      "POST /token": json({ access_token: "new-one", expires_in: 60 }),
      "GET /x": ({ headers }) => (headers.authorization === "Bearer new-one" ? { json: 1 } : { status: 401 }),
    });
    await Promise.all(
      connections.flatMap((connection) => Array.from({ length: 10 }, () => connection.call("op"))),
    );
    expect(server.times("/token")).toBe(2);
  });

  it("store nothing that can be read", async () => {
    const { state, connections } = await fleet(1);
    await connections[0]?.call("op");
    expect(state.calls("compareAndSet")).toBe(1);
    expect(JSON.stringify(await state.inspect())).not.toMatch(/token-1|canary/);
  });
});

describe("a state store that is gone", () => {
  it("stops no call: the token is kept in this process", async () => {
    const { server, connections } = await fleet(1, () => ({ kind: "reject" }), 0);
    const [connection] = connections;
    await Promise.all(Array.from({ length: 5 }, () => connection?.call("op")));
    await connection?.call("op");
    expect(server.times("/token")).toBe(1);
  });

  it("that hands its lease to nobody is waited for no longer than half a minute", async () => {
    const clock = createFakeClock();
    const server = await startServer(
      { "POST /token": json({ access_token: "a" }), "GET /x": json(1) },
      { clock },
    );
    const state = altered(clock, { lease: () => undefined });
    const runtime = createRuntime({ state, clock, network: { allow: [server.host] } });
    closing.push(async () => {
      await runtime.close();
      await server.close();
    });
    const connection = runtime.connect(await irOf(yaml), {
      credentials: { client_id: "a", client_secret: "b" },
      config: { base_url: server.origin },
    });
    let done = false;
    const call = connection.call("op", {}, { timeoutMs: 60_000 }).finally(() => {
      done = true;
    });
    while (!done) await clock.advance(250);
    expect(await call).toMatchObject({ data: 1 });
    expect(clock.now()).toBeLessThan(32_000);
  });

  it("is spoken of by the code of its fault, never by its words", async () => {
    const logged: unknown[] = [];
    const log = (...said: unknown[]): void => void logged.push(said);
    const clock = createFakeClock();
    const server = await startServer({ "POST /token": json({ access_token: "a" }), "GET /x": json(1) });
    const fail = (): never => {
      const message = "connect redis://user:CaNaRy-password@host";
      throw Object.assign(new Error(message), { code: "ECONNREFUSED" });
    };
    const state = altered(clock, { getSecret: fail, compareAndSet: fail, lease: fail });
    const runtime = createRuntime({
      state,
      network: { allow: [server.host] },
      logger: { debug: log, info: log, warn: log, error: log },
    });
    closing.push(async () => {
      await runtime.close();
      await server.close();
    });
    const connection = runtime.connect(await irOf(yaml), {
      credentials: { client_id: "a", client_secret: "b" },
      config: { base_url: server.origin },
    });
    expect(await connection.call("op")).toMatchObject({ data: 1 });
    expect(JSON.stringify(logged)).toContain("ECONNREFUSED");
    expect(JSON.stringify(logged)).not.toContain("CaNaRy");
  });

  it("that hangs costs its time limit and no more", async () => {
    const clock = createFakeClock();
    const server = await startServer({ "POST /token": json({ access_token: "a" }), "GET /x": json(1) });
    const state = createFailingState(createMemoryState({ clock }), {
      clock,
      behave: () => ({ kind: "hang" }),
    });
    const runtime = createRuntime({ state, clock, network: { allow: [server.host] } });
    closing.push(async () => {
      await runtime.close();
      await server.close();
    });
    const connection = runtime.connect(await irOf(yaml), {
      credentials: { client_id: "a", client_secret: "b" },
      config: { base_url: server.origin },
    });
    let done = false;
    const call = connection.call("op").then(() => {
      done = true;
    });
    for (let turn = 0; turn < 200 && !done; turn++) await clock.advance(100);
    await call;
    expect(clock.now()).toBeLessThan(20_000);
  });
});
