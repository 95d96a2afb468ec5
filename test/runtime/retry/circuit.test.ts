import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { afterEach, describe, expect, it } from "vitest";
import { outcomeOf } from "../../../runtime/call/attempt-outcome.ts";
import {
  ConnectorError,
  createRuntime,
  type RuntimeOptions,
  type TransportError,
} from "../../../runtime/index.ts";
import { Circuits } from "../../../runtime/retry/circuit.ts";
import {
  createFakeClock,
  json,
  type Routes,
  rateLimited,
  resetBeforeHeaders,
  sequence,
  silence,
  status,
} from "../../../runtime/testing/index.ts";
import { irOf, type Line, line, operation } from "../../support/line.ts";

let open: Line[] = [];
const circuit = { failures: 3, runMs: 0, coolDownMs: 1_000, maxCoolDownMs: 4_000 };
const start = async (
  routes: Routes,
  fields = "retry: { max_attempts: 1 }",
  runtime: RuntimeOptions = { circuit },
): Promise<Line> => {
  const made = await line(operation(`endpoint: /x\n${fields}`), routes, { runtime });
  open.push(made);
  return made;
};
afterEach(async () => {
  await Promise.all(open.map((one) => one.close()));
  open = [];
});
const fail = async ({ connection }: Line, times: number): Promise<void> => {
  for (let call = 0; call < times; call++)
    expect(await connection.attempt("op")).toMatchObject({ ok: false });
};

describe("an origin that fails again and again", () => {
  it.each([
    ["500", status(500), "upstream_error"],
    ["503", status(503), "upstream_error"],
    ["a reset", resetBeforeHeaders(), "network_error"],
  ])("is left alone after a run of failures: %s", async (_, fault, code) => {
    const made = await start({ "GET /x": fault });
    await fail(made, 3);
    const { connection, server, clock, runtime } = made;
    const refused = await connection.attempt("op");
    expect(refused).toMatchObject({
      ok: false,
      error: {
        code,
        retryable: true,
        retryAt: clock.wall() + 1_000,
        details: { circuit: "open", origin: server.origin, failures: 3 },
      },
    });
    expect(server.requests).toHaveLength(3);
    expect(await runtime.inspect()).toMatchObject({
      circuits: [{ origin: server.origin, state: "open", failures: 3, retryAt: clock.wall() + 1_000 }],
    });
  });

  it("is left alone after calls that ran out of time", async () => {
    const made = await start({ "GET /x": silence() }, "timeout_ms: 2000\nretry: { max_attempts: 1 }");
    const { connection, server, clock } = made;
    for (let call = 1; call <= 3; call++) {
      const late = connection.attempt("op");
      await expect.poll(() => server.requests.length).toBe(call);
      await clock.advance(2_000);
      expect(await late).toMatchObject({ error: { code: "deadline_exceeded" } });
    }
    expect(await connection.attempt("op")).toMatchObject({ error: { details: { circuit: "open" } } });
    expect(server.requests).toHaveLength(3);
  });

  it("is not given up for calls whose own time was short", async () => {
    const made = await start({ "GET /x": silence() });
    const { connection, server, clock, runtime } = made;
    for (let call = 1; call <= 4; call++) {
      const late = connection.attempt("op", {}, { timeoutMs: 50 });
      await expect.poll(() => server.requests.length).toBe(call);
      await clock.advance(50);
      await late;
    }
    expect(await runtime.inspect()).toMatchObject({ circuits: [] });
  });

  it.each([
    ["401", status(401)],
    ["404", status(404)],
    ["429", rateLimited()],
    ["501", status(501)],
  ])("is not given up for %s, which is an answer", async (_, answer) => {
    const made = await start({ "GET /x": answer });
    await fail(made, 5);
    expect(made.server.requests).toHaveLength(5);
    expect(await made.runtime.inspect()).toMatchObject({ circuits: [] });
  });

  it("is not given up while some requests succeed in between", async () => {
    const made = await start({
      "GET /x": sequence(status(500), status(500), json(1), status(500), status(500), json(1)),
    });
    for (let call = 0; call < 6; call++) await made.connection.attempt("op");
    expect(made.server.requests).toHaveLength(6);
  });

  it("gets one probe after the cool-down, which doubles up to its cap, and is back with the first answer", async () => {
    const made = await start({ "GET /x": status(500) });
    const { connection, server, clock, runtime } = made;
    await fail(made, 3);
    let requests = 3;
    for (const coolDown of [1_000, 2_000, 4_000, 4_000]) {
      await clock.advance(coolDown - 1);
      await fail(made, 1);
      expect(server.requests).toHaveLength(requests);
      await clock.advance(1);
      await fail(made, 2);
      requests += 1;
      expect(server.requests).toHaveLength(requests);
    }
    await clock.advance(4_000);
    expect(await runtime.inspect()).toMatchObject({ circuits: [{ state: "half_open" }] });
    server.reply({ "GET /x": json("back") });
    expect(await connection.call("op")).toMatchObject({ data: "back" });
    expect(await connection.call("op")).toMatchObject({ data: "back" });
    expect(await runtime.inspect()).toMatchObject({ circuits: [] });
  });

  it("lets one of many waiting calls be the probe", async () => {
    const made = await start({ "GET /x": status(500) });
    const { connection, server, clock } = made;
    await fail(made, 3);
    await clock.advance(1_000);
    server.reply({ "GET /x": json("back") });
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => connection.attempt("op")));
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
    expect(server.requests).toHaveLength(4);
  });

  it("ends the retries of a call with the failure that it met", async () => {
    const made = await start(
      { "GET /x": status(503) },
      "retry: { max_attempts: 10, initial_ms: 1, max_ms: 1 }",
    );
    const call = made.connection.attempt("op");
    await expect
      .poll(async () => {
        await made.clock.advance(1);
        return made.server.requests.length;
      })
      .toBe(3);
    expect(await call).toMatchObject({ error: { code: "upstream_error", status: 503, attempts: 3 } });
  });

  it("is asked on and on with `circuit: false`", async () => {
    const made = await start({ "GET /x": status(500) }, "retry: { max_attempts: 1 }", { circuit: false });
    await fail(made, 40);
    expect(made.server.requests).toHaveLength(40);
  });

  it("by default takes a run of 20 failures that lasts a second", async () => {
    const made = await start({ "GET /x": status(500) }, "retry: { max_attempts: 1 }", {});
    await fail(made, 30);
    expect(made.server.requests).toHaveLength(30);
    await made.clock.advance(1_000);
    await fail(made, 2);
    expect(made.server.requests).toHaveLength(31);
  });

  it("is told of on the channel and in the log, when it goes and when it comes back", async () => {
    const events: unknown[] = [];
    const hear = (event: unknown): void => void events.push(event);
    subscribe("connectorc:circuit", hear);
    const logged: unknown[] = [];
    const log = (level: string) => (fields: object, message: string) =>
      void logged.push({ level, ...fields, message });
    const logger = { debug: log("debug"), info: log("info"), warn: log("warn"), error: log("error") };
    try {
      const made = await start({ "GET /x": status(500) }, "retry: { max_attempts: 1 }", { circuit, logger });
      const { origin } = made.server;
      await fail(made, 3);
      await made.clock.advance(1_000);
      made.server.reply({ "GET /x": json(1) });
      await made.connection.call("op");
      expect(events).toMatchObject([
        { origin, state: "open", failures: 3 },
        { origin, state: "closed" },
      ]);
      expect(logged).toMatchObject([
        { level: "warn", origin, circuit: "open", message: expect.stringContaining("3 times in a row") },
        { level: "info", origin, circuit: "closed" },
      ]);
    } finally {
      unsubscribe("connectorc:circuit", hear);
    }
  });
});

describe("what an attempt says of the server", () => {
  const failed = (kind: TransportError["kind"]) =>
    outcomeOf({ kind: "failed", error: { kind, message: "", sent: true }, status: undefined }, 1);

  it("is a failure where it broke, an answer where ours is the limit, and nothing where the fault may be one tenant's", () => {
    const kinds = {
      failed: ["refused", "dns", "timeout", "reset", "truncated", "protocol"],
      answered: ["too_large", "decode"],
      unknown: ["tls", "blocked", "aborted", "closed", "body"],
    } as const;
    for (const [outcome, ofIt] of Object.entries(kinds))
      expect(ofIt.map((kind) => [kind, failed(kind)])).toEqual(ofIt.map((kind) => [kind, outcome]));
  });

  it("is nothing where the caller gave up", () => {
    const error = new ConnectorError({ code: "aborted", phase: "request", message: "" });
    expect(outcomeOf({ kind: "cut", error, sent: true }, 60_000)).toBe("unknown");
  });
});

describe("a circuit", () => {
  it("takes an unanswered probe for lost after a minute", async () => {
    const clock = createFakeClock();
    const circuits = new Circuits(clock, { ...circuit, failures: 1 }, () => {});
    circuits.learn("https://a", "failed", "network_error", false);
    await clock.advance(1_000);
    expect(circuits.enter("https://a")).toBe(true);
    expect(() => circuits.enter("https://a")).toThrow("in a row");
    await clock.advance(60_000);
    expect(circuits.enter("https://a")).toBe(true);
  });

  it("is probed again at once where the probe told nothing, and stays open", async () => {
    const clock = createFakeClock();
    const circuits = new Circuits(clock, { ...circuit, failures: 1 }, () => {});
    circuits.learn("https://a", "failed", "network_error", false);
    await clock.advance(1_000);
    expect(circuits.enter("https://a")).toBe(true);
    circuits.learn("https://a", "unknown", "network_error", true);
    expect(circuits.inspect()).toMatchObject([{ state: "half_open", failures: 1 }]);
    expect(circuits.enter("https://a")).toBe(true);
  });

  it("counts a run on while its failures follow each other, however long it lasts", async () => {
    const clock = createFakeClock();
    const circuits = new Circuits(clock, { ...circuit, failures: 5 }, () => {});
    for (let at = 0; at < 4; at++) {
      circuits.learn("https://a", "failed", "network_error", false);
      await clock.advance(3_000);
    }
    expect(circuits.inspect()).toMatchObject([{ failures: 4 }]);
  });

  it("remembers ten thousand origins, and forgets the one that began first", () => {
    const circuits = new Circuits(createFakeClock(), circuit, () => {});
    for (let at = 0; at <= 10_000; at++) circuits.learn(`https://${at}`, "failed", "network_error", false);
    const origins = circuits.inspect().map(({ origin }) => origin);
    expect([origins.length, origins[0]]).toEqual([10_000, "https://1"]);
  });

  it("learns nothing from requests that were under way when it opened", () => {
    const clock = createFakeClock();
    const circuits = new Circuits(clock, { ...circuit, failures: 1 }, () => {});
    for (let late = 0; late < 10; late++) circuits.learn("https://a", "failed", "network_error", false);
    expect(circuits.inspect()).toMatchObject([{ state: "open", retryAt: clock.wall() + 1_000 }]);
  });

  it("forgets failures after a long silence", async () => {
    const clock = createFakeClock();
    const circuits = new Circuits(clock, circuit, () => {});
    for (let day = 0; day < 10; day++) {
      circuits.learn("https://a", "failed", "network_error", false);
      await clock.advance(86_400_000);
    }
    expect(circuits.inspect()).toMatchObject([{ state: "closed", failures: 1 }]);
  });

  it.each([
    [{ failures: 0 }, "`circuit.failures` must be a number, 1 or more."],
    [{ coolDownMs: "1s" }, "`circuit.coolDownMs` must be a number"],
    [{ fails: 3 }, 'the unknown key "fails"'],
    ["off", "`circuit` must be an object"],
  ])("refuses the options %j", (given, message) => {
    expect(() => createRuntime({ circuit: given as never })).toThrow(message);
  });
});

describe("a connection with `circuit: false`", () => {
  const descriptor = operation("endpoint: /x\nretry: { max_attempts: 1 }");

  it("goes to an origin that is down, and its failures close it to nobody", async () => {
    const made = await start({ "GET /x": status(500) });
    const { runtime, server } = made;
    const apart = runtime.connect(await irOf(descriptor), {
      config: { base_url: server.origin },
      circuit: false,
    });
    for (let call = 0; call < 5; call++) await apart.attempt("op");
    expect([server.requests.length, (await runtime.inspect()).circuits]).toEqual([5, []]);
    await fail(made, 3);
    expect(await made.connection.attempt("op")).toMatchObject({ error: { details: { circuit: "open" } } });
    expect(await apart.attempt("op")).toMatchObject({ error: { status: 500 } });
    expect(server.requests).toHaveLength(9);
  });

  it("says nothing else there: thresholds are the runtime's", async () => {
    const { runtime, server } = await start({});
    const ir = await irOf(descriptor);
    const options: object = { config: { base_url: server.origin }, circuit: { failures: 1 } };
    expect(() => runtime.connect(ir, options)).toThrow(/`circuit` of the runtime/);
  });
});
