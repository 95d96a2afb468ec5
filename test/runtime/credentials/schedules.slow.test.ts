import { describe, test } from "vitest";
import { runSchedules } from "../../support/grants/many.ts";
import { clientPlan, loginPlan } from "../../support/grants/plans.ts";

const thousands = (count: number): readonly number[] =>
  Array.from({ length: count }, (_, thousand) => 1 + 1_000 * thousand);

describe("three processes, in a thousand schedules", () => {
  test.each(thousands(10))("spend no refresh token twice, from %i on", async (first) =>
    runSchedules(await loginPlan(), first, 1_000),
  );

  test.each(thousands(2))("ask for one token at a time, from %i on", async (first) =>
    runSchedules(await clientPlan(), first, 1_000),
  );
});
