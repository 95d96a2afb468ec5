import { expect } from "vitest";
import { type Plan, runSchedule } from "./schedule.ts";

/** Runs the schedules of these seeds; they must meet what they look for, and most logins outlive it. */
export async function runSchedules(plan: Plan, first: number, count: number): Promise<void> {
  const met = { spends: 0, kills: 0, pauses: 0, lost: 0 };
  for (let seed = first; seed < first + count; seed++) {
    const { broken, spends, kills, pauses, lost } = await runSchedule(seed, plan);
    expect({ seed, broken }).toEqual({ seed, broken: [] });
    met.spends += spends;
    met.kills += kills;
    met.pauses += pauses;
    met.lost += lost ? 1 : 0;
  }
  expect(met.spends).toBeGreaterThan(3 * count);
  expect(Math.min(met.kills, met.pauses)).toBeGreaterThan(count / 2);
  expect(met.lost).toBeLessThan(count / 2);
}
