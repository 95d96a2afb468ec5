import { describe, expect, it } from "vitest";
import { ConnectorError } from "../../../runtime/index.ts";
import { gateOf, heldCall, request } from "./support.ts";

const timeout = new ConnectorError({ code: "deadline_exceeded", phase: "response", message: "Too slow." });
const refused = new ConnectorError({
  code: "upstream_error",
  phase: "response",
  status: 409,
  message: "No.",
});

describe("calls about one thing", () => {
  const rules = [{ action: "allow", entity_key: "ticket:{id}" }];

  it("run one after another, and others beside them", async () => {
    const { gate } = gateOf(rules);
    const order: string[] = [];
    const first = heldCall();
    const one = gate.run(request({ operation: "comment" }), first.call).then(() => order.push("first"));
    await first.hasBegun;
    const two = gate.run(request(), async () => void order.push("second"));
    await gate.run(request({ parameters: { id: "8" } }), async () => void order.push("other thing"));
    await gate.run(request({ caller: { tenant: "b" } }), async () => void order.push("other tenant"));
    first.end("");
    await Promise.all([one, two]);
    expect(order).toEqual(["other thing", "other tenant", "first", "second"]);
  });

  it("leave the line when they are cancelled, and those behind them keep their turn", async () => {
    const { gate } = gateOf(rules);
    const first = heldCall();
    const one = gate.run(request(), first.call);
    await first.hasBegun;
    const stop = new AbortController();
    const order: string[] = [];
    const two = gate.run(request({ signal: stop.signal }), async () => void order.push("second"));
    const three = gate.run(request(), async () => void order.push("third"));
    stop.abort();
    await expect(two).rejects.toMatchObject({ code: "aborted" });
    expect(order).toEqual([]);
    first.end("");
    await Promise.all([one, three]);
    expect(order).toEqual(["third"]);
  });

  it("are refused where they do not say what they are about", async () => {
    const { gate, decisions } = gateOf(rules);
    const call = gate.run(request({ parameters: { id: { $ne: 1 } } }), async () => {});
    await expect(call).rejects.toMatchObject({
      code: "invalid_parameters",
      message: expect.stringContaining('needs parameter "id"'),
    });
    expect(decisions()).toEqual(["refused"]);
  });
});

describe("a call that is repeated", () => {
  const rules = [{ action: "allow", dedup_seconds: 60 }];

  it("is done once, and answered as often as it is asked, also while it runs", async () => {
    const { gate, decisions } = gateOf(rules);
    const held = heldCall();
    const first = gate.run(request({ parameters: { id: "7", note: "a" } }), held.call);
    await held.hasBegun;
    const fail = () => Promise.reject(new Error("called twice"));
    const second = gate.run(request({ parameters: { note: "a", id: "7" } }), fail);
    held.end("closed");
    const third = gate.run(request({ parameters: { id: "7", note: "a" } }), fail);
    expect(await Promise.all([first, second, third])).toEqual(["closed", "closed", "closed"]);
    expect(decisions()).toEqual(["allowed", "repeated", "repeated"]);
  });

  it("is another call with other arguments, of another tenant, and after its time", async () => {
    const { gate, clock } = gateOf(rules);
    const keys: (string | undefined)[] = [];
    const call = (fields: object) =>
      gate.run(request(fields), async ({ idempotencyKey }) => void keys.push(idempotencyKey));
    await call({});
    await call({ parameters: { id: "8" } });
    await call({ caller: { tenant: "b" } });
    await call({ operation: "open_ticket" });
    await clock.advance(60_001);
    await call({});
    expect(new Set(keys).size).toBe(5);
  });

  it("under a given key is one call, without a rule too, and a key of other arguments is refused", async () => {
    const { gate, decisions } = gateOf([{ action: "allow" }]);
    const keys: (string | undefined)[] = [];
    const call = (id: string) =>
      gate.run(
        request({ idempotencyKey: "mine", parameters: { id } }),
        async ({ idempotencyKey }) => void keys.push(idempotencyKey),
      );
    await call("7");
    await call("7");
    await expect(call("8")).rejects.toMatchObject({ code: "invalid_parameters" });
    expect(keys).toEqual(["mine"]);
    expect(decisions()).toEqual(["allowed", "repeated", "refused"]);
  });

  it("is tried again where the first did nothing", async () => {
    const { gate } = gateOf(rules);
    await expect(gate.run(request(), () => Promise.reject(refused))).rejects.toBe(refused);
    expect(await gate.run(request(), async () => "done")).toBe("done");
  });

  it("is not tried again where the first may have been carried out", async () => {
    const { gate, receipts } = gateOf(rules);
    await expect(gate.run(request(), () => Promise.reject(timeout))).rejects.toBe(timeout);
    await expect(gate.run(request(), async () => "done")).rejects.toMatchObject({
      code: "deadline_exceeded",
      retryable: false,
      message: expect.stringContaining("look whether it was"),
    });
    expect(receipts.map(({ outcome }) => outcome)).toEqual([undefined, "unknown", undefined]);
  });

  it("is tried again under the key of the first where the API guards it", async () => {
    const { gate } = gateOf(rules);
    const keys: (string | undefined)[] = [];
    const keep = (key: string | undefined) => void keys.push(key);
    await expect(
      gate.run(request({ takesKey: true }), ({ idempotencyKey }) => {
        keep(idempotencyKey);
        return Promise.reject(timeout);
      }),
    ).rejects.toBe(timeout);
    await gate.run(request({ takesKey: true }), async ({ idempotencyKey }) => keep(idempotencyKey));
    expect(keys[0]).toBe(keys[1]);
    expect(keys[0]).toBeDefined();
  });

  it("is refused where nothing more can be remembered", async () => {
    const { gate, clock } = gateOf(rules, { maxRemembered: 2 });
    const call = (id: number) => gate.run(request({ parameters: { id } }), async () => id);
    expect([await call(1), await call(2)]).toEqual([1, 2]);
    await expect(call(3)).rejects.toMatchObject({ code: "queue_full" });
    expect(await call(1)).toBe(1);
    await clock.advance(60_001);
    expect(await call(3)).toBe(3);
  });

  it("cannot be told where it has a stream, and is refused", async () => {
    const { gate } = gateOf(rules);
    const call = gate.run(request({ parameters: { file: new ReadableStream() } }), async () => {});
    await expect(call).rejects.toMatchObject({ code: "invalid_parameters" });
  });
});

describe("a call that needs consent", () => {
  const rules = [{ action: "confirm" }];

  it.each([
    ["is made", async () => true, "confirmed", "done"],
    ["is not made where it is declined", async () => false, "declined", "policy_denied"],
    ["is not made where nobody can be asked", undefined, "unable", "policy_denied"],
    ["is not made where no answer comes", () => Promise.reject(refused), "unanswered", "upstream_error"],
  ])("%s", async (_, confirm, decision, outcome) => {
    const { gate, decisions } = gateOf(rules);
    const ended = await gate
      .run(request(confirm ? { confirm } : {}), async () => "done")
      .catch((error: { code: string }) => error.code);
    expect([ended, decisions()]).toEqual([outcome, [decision]]);
  });
});

describe("receipts", () => {
  it("say who did what and how it ended, and hold no argument, answer or message", async () => {
    const canary = "canary-9f2c71e05b";
    const { gate, receipts } = gateOf([
      { action: "allow", entity_key: "ticket:{id}", dedup_seconds: 60, tenant: "acme" },
    ]);
    const of = { parameters: { id: canary, token: canary }, caller: { tenant: "acme", clientId: "agent" } };
    await gate.run(request(of), async () => canary);
    const failing = () =>
      Promise.reject(new ConnectorError({ code: "upstream_error", phase: "response", message: canary }));
    await expect(gate.run(request({ ...of, idempotencyKey: canary }), failing)).rejects.toThrow();
    expect(receipts[1]).toMatchObject({
      event: "outcome",
      id: receipts[0]?.id,
      at: expect.stringMatching(/^\d{4}-.*Z$/),
      tenant: "acme",
      client: "agent",
      connector: "desk",
      operation: "close_ticket",
      tool: "close_ticket",
      action: "allow",
      decision: "allowed",
      rule: 0,
      outcome: "done",
      ms: 0,
    });
    expect(receipts[3]).toMatchObject({ outcome: "unknown", code: "upstream_error" });
    const text = JSON.stringify(receipts);
    for (const form of [canary, Buffer.from(canary).toString("base64"), Buffer.from(canary).toString("hex")])
      expect(text).not.toContain(form);
  });

  it("have hashes that differ by tenant and by key", async () => {
    const hashes = new Set<string | undefined>();
    for (const key of [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)])
      for (const tenant of ["a", "b"]) {
        const { gate, receipts } = gateOf([{ action: "allow" }], { key });
        await gate.run(request({ caller: { tenant } }), async () => {});
        hashes.add(receipts[0]?.arguments);
      }
    expect(hashes.size).toBe(4);
  });

  it("come before the call: where one cannot be written, nothing is done", async () => {
    let works = false;
    const { gate } = gateOf([{ action: "allow", dedup_seconds: 60 }], {
      receipts: () => (works ? undefined : Promise.reject(new Error("disk full"))),
    });
    let done = 0;
    const call = () => gate.run(request(), async () => ++done);
    await expect(call()).rejects.toMatchObject({ code: "state_unavailable" });
    expect(done).toBe(0);
    works = true;
    expect(await call()).toBe(1);
  });
});
