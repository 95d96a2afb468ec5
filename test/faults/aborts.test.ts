/** The caller's abort at every moment of a call: after so many turns of the promise queue, then of the event loop. */
import { describe, expect, it } from "vitest";
import { createRuntime } from "../../runtime/index.ts";
import {
  createFailingState,
  createMemoryState,
  type Routes,
  startServer,
  status,
} from "../../runtime/testing/index.ts";
import { createSceneClock, driven } from "./clock.ts";
import { call, type Ending } from "./ending.ts";
import { methods, profiles } from "./fault.ts";
import { faultApi, operationOf } from "./fault-api.ts";
import { arrivalViolations, errorViolations } from "./invariants.ts";
import { credentials, deadlineMs, good, parameters } from "./scene.ts";

const nobody: ReadonlySet<number> = new Set();
/** Turns of the promise queue that are gone through one by one, before turns of the event loop. */
const fineSteps = 40;

async function steps(count: number): Promise<void> {
  for (let n = 0; n < Math.min(count, fineSteps); n++) await Promise.resolve();
  for (let n = fineSteps; n < count; n++) await new Promise((resolve) => setImmediate(resolve));
}

describe.each(profiles)("under the profile %s", (profile) => {
  it.each(methods)("an abort ends a %s at every moment, and leaves nothing behind", async (method) => {
    const ir = await faultApi();
    const clock = createSceneClock();
    const server = await startServer({ "* /*": good }, { clock });
    const config = { base_url: server.origin, first_url: server.origin, token_url: server.origin };
    const broken: string[] = [];
    let aborted = 0;
    let ending: Ending | undefined;
    // Until the call is quicker than the abort; no call takes so many turns.
    for (let count = 0; !ending?.ok && count < 2_000; count += count < fineSteps ? 1 : 3) {
      const from = server.requests.length;
      // A store that takes a turn for each answer: more moments.
      const state = createFailingState(createMemoryState({ clock }), { clock });
      const runtime = createRuntime({ clock, state, network: { allow: [server.host] } });
      const connection = runtime.connect(ir, { profiles: credentials, config });
      const stop = new AbortController();
      const options = { timeoutMs: deadlineMs, signal: stop.signal };
      const asked = call(connection, operationOf(method, profile), parameters, options);
      await steps(count);
      stop.abort();
      ending = await driven(clock, asked);
      if (!ending.ok) {
        aborted++;
        if (ending.error.code !== "aborted") broken.push(`after ${count}: ${ending.error.message}`);
      }
      const requests = server.requests.slice(from).filter(({ path }) => path === "/x");
      broken.push(
        ...errorViolations(ending),
        ...arrivalViolations(requests, method === "POST with key", nobody),
      );
      await driven(clock, runtime.close(), () => true);
      await state.close();
      if (clock.pending() > 0) broken.push(`after ${count}: ${clock.pending()} timers are left`);
    }
    expect(broken).toEqual([]);
    expect(ending?.ok).toBe(true);
    expect(aborted).toBeGreaterThan(10);
    await expect.poll(() => server.open).toBe(0);
    await server.close();
  });
});

it("an abort leaves no timer behind where the store hangs over a token that was refused", async () => {
  const clock = createSceneClock();
  const refusing: Routes = { "* /x": status(401), "* /*": good };
  const server = await startServer(refusing, { clock });
  const state = createFailingState(createMemoryState({ clock }), {
    clock,
    // It takes the token, and hangs when the token is to go.
    behave: (method, count) => (method === "compareAndSet" && count > 1 ? { kind: "hang" } : undefined),
  });
  const runtime = createRuntime({ clock, state, network: { allow: [server.host] } });
  const config = { base_url: server.origin, first_url: server.origin, token_url: server.origin };
  const connection = runtime.connect(await faultApi(), { profiles: credentials, config });
  const stop = new AbortController();
  const asked = call(connection, "get_chained", parameters, { signal: stop.signal });
  const ending = await driven(clock, asked, () => {
    if (server.times("/x") > 0 && state.calls("compareAndSet") > 2) stop.abort();
    return false;
  });
  expect(ending.ok || ending.error.code).toBe("aborted");
  // Nothing runs any more: no time has to pass.
  await runtime.close();
  await state.close();
  expect(clock.pending()).toBe(0);
  await server.close();
});
