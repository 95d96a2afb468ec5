/** The caller's abort at every moment of a call over HTTP/2, as in `aborts.test.ts`. */
import { expect, it } from "vitest";
import { createRuntime } from "../../runtime/index.ts";
import { startHttp2Server } from "../support/http2/server.ts";
import { createSceneClock, driven } from "./clock.ts";
import { call, type Ending } from "./ending.ts";
import { methods } from "./fault.ts";
import { faultApi, operationOf } from "./fault-api.ts";
import { errorViolations } from "./invariants.ts";
import { credentials, deadlineMs, parameters } from "./scene.ts";

const fineSteps = 40;

async function steps(count: number): Promise<void> {
  for (let n = 0; n < Math.min(count, fineSteps); n++) await Promise.resolve();
  for (let n = fineSteps; n < count; n++) await new Promise((resolve) => setImmediate(resolve));
}

const good = JSON.stringify({ ok: true, ticket: "t", access_token: "a", expires_in: 3600 });

it.each(methods)("an abort ends a %s at every moment, and leaves nothing behind", async (method) => {
  const ir = await faultApi();
  const clock = createSceneClock();
  const server = await startHttp2Server((response) => {
    response.setHeader("content-type", "application/json");
    response.end(good);
  });
  const config = { base_url: server.origin, first_url: server.origin, token_url: server.origin };
  const broken: string[] = [];
  const endings: string[] = [];
  let ending: Ending | undefined;
  // Until the call is quicker than the abort; no call takes so many turns.
  for (let count = 0; !ending?.ok && count < 5_000; count += count < fineSteps ? 4 : 7) {
    const from = server.requests.length;
    const runtime = createRuntime({ clock, network: { allow: ["127.0.0.1"], ca: server.ca } });
    const connection = runtime.connect(ir, { profiles: credentials, config });
    const stop = new AbortController();
    const options = { timeoutMs: deadlineMs, signal: stop.signal };
    const asked = call(connection, operationOf(method, "chained"), parameters, options);
    await steps(count);
    stop.abort();
    ending = await driven(clock, asked);
    endings.push(ending.ok ? "ok" : ending.error.code);
    broken.push(...errorViolations(ending));
    const arrived = server.requests.slice(from).filter(({ path }) => path === "/x");
    if (arrived.length > 1) broken.push(`after ${count}: ${arrived.length} requests`);
    await driven(clock, runtime.close(), () => true);
    if (clock.pending() > 0) broken.push(`after ${count}: ${clock.pending()} timers are left`);
  }
  expect(broken).toEqual([]);
  expect(endings.slice(0, -1)).toEqual(endings.slice(0, -1).map(() => "aborted"));
  expect(ending?.ok).toBe(true);
  expect(endings.length).toBeGreaterThan(10);
  expect(server.requests.every(({ version }) => version === "2.0")).toBe(true);
  await expect.poll(() => server.open).toBe(0);
  await server.close();
});
