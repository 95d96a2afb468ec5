import { afterEach, describe, expect, it } from "vitest";
import { ConnectorError, createRuntime } from "../../runtime/index.ts";
import { createFailingState, createFakeClock, createMemoryState, json } from "../../runtime/testing/index.ts";
import { descriptor, irOf, type Line, line } from "../support/line.ts";

let made: Line | undefined;
afterEach(async () => {
  await made?.close();
  made = undefined;
});

const bearer = descriptor(
  "operations: [{ operation_id: op, summary: One, endpoint: /x, auth_type_ref: bearer }]",
  "  - type: bearer",
);

/** What a caller without types may pass. */
function refusal(attempt: () => unknown): ConnectorError | undefined {
  try {
    attempt();
  } catch (error) {
    if (ConnectorError.is(error)) return error;
    throw error;
  }
  return undefined;
}

describe("options that nobody reads", () => {
  it.each([
    [{ conifg: {} }, /unknown key "conifg"\. Did you mean "config"\?/],
    [{ identity: { tennant: "t" } }, /`identity` has the unknown key "tennant"\. Did you mean "tenant"\?/],
    [{ identity: "acme" }, /`identity` must be an object/],
    [null, /must be an object, not null/],
    [[], /must be an object/],
  ])("%j are refused by connect", async (options, sentence) => {
    const ir = await irOf(bearer);
    const runtime = createRuntime();
    const error = refusal(() => Reflect.apply(runtime.connect, runtime, [ir, options]));
    expect(error).toMatchObject({ code: "configuration", message: expect.stringMatching(sentence) });
    await runtime.close();
  });

  it.each([
    [null, /`createRuntime` must be an object, not null/],
    [{ netwrok: {} }, /unknown key "netwrok"\. Did you mean "network"\?/],
  ])("%j are refused by createRuntime", (options, sentence) => {
    const error = refusal(() => Reflect.apply(createRuntime, undefined, [options]));
    expect(error).toMatchObject({ code: "configuration", message: expect.stringMatching(sentence) });
  });
});

describe("a credential that is empty", () => {
  it("is missing", async () => {
    const ir = await irOf(bearer);
    const runtime = createRuntime();
    for (const options of [{ credentials: { token: "" } }, { profile: "bearer", credentials: { token: "" } }])
      await expect(
        (async () =>
          runtime.connect(ir, { ...options, config: { base_url: "https://a.example" } }).call("op"))(),
      ).rejects.toMatchObject({
        code: "missing_credential",
        message: expect.stringContaining('needs "token"'),
      });
    await runtime.close();
  });
});

describe("a failing state", () => {
  it("is made from what connectorc/testing exports", async () => {
    const clock = createFakeClock(1_000);
    const state = createFailingState(createMemoryState({ clock }), { clock });
    made = await line(
      bearer,
      { "GET /x": json(1) },
      { runtime: { state }, connect: { credentials: { token: "t" } } },
    );
    expect((await made.connection.call("op")).data).toBe(1);
  });
});
