/** Promise 4 in the simulation of a small fleet: no window too full, little unused, nobody forgotten; and one seed gives one report. */
import { beforeAll, describe, expect, test } from "vitest";
import { usual } from "../../bench/fleet-sim/scenarios.ts";
import { prepareSimulation, type Simulation, simulate } from "../../bench/fleet-sim/simulate.ts";

describe("a simulated fleet", () => {
  let simulation: Simulation;
  beforeAll(async () => {
    simulation = await prepareSimulation();
  });
  const small = { ...usual, processes: 4, load: { kind: "callers", each: 50 }, seconds: 4 } as const;

  test("keeps a limit that all processes use, and uses it", async () => {
    const figures = await simulate(simulation, small, 1);
    expect(figures.worstWindow).toBeLessThanOrEqual(1);
    expect(figures.used).toBeGreaterThan(0.95);
    expect(figures.failures).toBe(0);
    expect(figures.changes).toBe(0);
  });

  test("keeps it with leases, at a part of the questions", async () => {
    const rule = { limit: 2_000, intervalMs: 1_000, burst: 100 };
    const [one, eight] = [
      await simulate(simulation, { ...small, rule, seconds: 2 }, 1),
      await simulate(simulation, { ...small, rule, seconds: 2, lease: 8 }, 1),
    ];
    expect(eight.worstWindow).toBeLessThanOrEqual(1);
    expect(eight.used).toBeGreaterThan(0.95);
    expect(eight.scriptsPerStart).toBeLessThan(one.scriptsPerStart / 3);
  });

  test("keeps twice the limit at most when Redis forgets and comes back", async () => {
    for (const kind of ["flush", "restart"] as const) {
      const faults = [{ kind, atMs: 1_500, forMs: 800 }];
      const figures = await simulate(simulation, { ...small, faults }, 1);
      expect(figures.worstWindow).toBeLessThanOrEqual(2);
      expect(figures.failures).toBe(0);
    }
  });

  test("gives the same figures for the same seed, and others for another", async () => {
    const faults = [{ kind: "slow", atMs: 500, forMs: 500 }] as const;
    const run = (seed: number) => simulate(simulation, { ...small, seconds: 2, loss: 0.01, faults }, seed);
    const [first, again, other] = [await run(7), await run(7), await run(8)];
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });
});
