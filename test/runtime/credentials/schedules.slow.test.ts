import { describe, test } from "vitest";
import { runSchedules } from "../../support/grants/many.ts";
import { clientPlan, loginPlan } from "../../support/grants/plans.ts";
import { sampled } from "../../support/sample.ts";

/** The first of each thousand; all of them with `TEST_ALL=1`. */
const thousands = (count: number): readonly number[] =>
  sampled(
    Array.from({ length: count }, (_, thousand) => 1 + 1_000 * thousand),
    4,
    0,
  );

describe("three processes, in a thousand schedules", () => {
  test.each(thousands(10))("spend no refresh token twice, from %i on", async (first) =>
    runSchedules(await loginPlan(), first, 1_000),
  );

  test.each(thousands(2))("ask for one token at a time, from %i on", async (first) =>
    runSchedules(await clientPlan(), first, 1_000),
  );
});
