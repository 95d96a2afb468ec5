import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createRuntime, version } from "../../../runtime/index.ts";
import { json, silence, startServer } from "../../../runtime/testing/index.ts";
import { descriptor, irOf, line, operation } from "../../support/line.ts";

describe("close", () => {
  it("lets a running call finish and refuses new ones meanwhile", async () => {
    const server = await startServer({ "GET /x": json("late", { delayMs: 80 }) });
    const runtime = createRuntime({ network: { allow: [server.host] } });
    const connection = runtime.connect(await irOf(operation("endpoint: /x")), {
      config: { base_url: server.origin },
    });
    const call = connection.call("op");
    await expect.poll(() => server.requests.length).toBe(1);
    const closed = runtime.close();
    await expect(connection.call("op")).rejects.toMatchObject({ code: "aborted" });
    expect(() => runtime.connect({})).toThrow(/closed/);
    expect(await call).toMatchObject({ data: "late" });
    await closed;
    expect(server.requests).toHaveLength(1);
    await expect.poll(() => server.open).toBe(0);
    await server.close();
  });

  it("ends what runs and what waits after 10 s, and leaves no timer", async () => {
    const yaml = descriptor(`operations:
  - { operation_id: hangs, summary: One, endpoint: /hang, auth_type_ref: none, timeout_ms: 60000, rate_limit_scope: none }
  - { operation_id: waits, summary: Two, endpoint: /x, auth_type_ref: none, timeout_ms: 60000 }
rate_limits: [{ scope: per_connection, limit: 1, interval_seconds: 30 }]`).replace(
      ", rate_limit_scope: none",
      "",
    );
    const made = await line(yaml, { "GET /hang": silence(), "GET /x": json(1) });
    const calls = [made.connection.attempt("hangs"), made.connection.attempt("waits")];
    const waiting = async (): Promise<number> =>
      (await made.runtime.inspect()).queues.reduce((sum, queue) => sum + queue.waiting, 0);
    await expect.poll(async () => [made.server.requests.length, await waiting()]).toEqual([1, 1]);
    const closed = made.runtime.close();
    await made.clock.advance(9_900);
    expect(made.clock.pending()).toBeGreaterThan(0);
    await made.clock.advance(200);
    await closed;
    expect(await Promise.all(calls)).toMatchObject([
      { error: { code: "aborted" } },
      { error: { code: "aborted" } },
    ]);
    expect(made.clock.pending()).toBe(0);
    await made.server.close();
  });
});

describe("the version", () => {
  it("is that of the package", () => {
    const manifest: unknown = JSON.parse(
      readFileSync(new URL("../../../package.json", import.meta.url), "utf8"),
    );
    expect(manifest).toMatchObject({ version });
  });
});
