import { test } from "vitest";
import { runSchedules } from "../../support/grants/many.ts";
import { clientPlan, loginPlan } from "../../support/grants/plans.ts";

test("three processes over a failing store never spend a refresh token twice, and all are served in the end", async () =>
  runSchedules(await loginPlan(), 1, 80));

test("three processes of one client over a slow store ask for one token at a time, and all are served in the end", async () =>
  runSchedules(await clientPlan(), 1, 60));
