import { expect, test } from "vitest";
import { runSchedule } from "../../support/grants/schedule.ts";
import { sharedLogin } from "../../support/grants/login.ts";

test("three processes over a failing store never spend a refresh token twice, and all are served in the end", async () => {
  const ir = await sharedLogin();
  const met = { spends: 0, kills: 0, pauses: 0, lost: 0 };
  for (let seed = 1; seed <= 300; seed++) {
    const { broken, spends, kills, pauses, lost } = await runSchedule(seed, ir);
    expect({ seed, broken }).toEqual({ seed, broken: [] });
    met.spends += spends;
    met.kills += kills;
    met.pauses += pauses;
    met.lost += lost ? 1 : 0;
  }
  // They met what they look for, and most logins outlived it.
  expect(met.spends).toBeGreaterThan(1_000);
  expect(Math.min(met.kills, met.pauses)).toBeGreaterThan(100);
  expect(met.lost).toBeLessThan(150);
});
