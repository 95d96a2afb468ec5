import { test } from "vitest";
import { runSchedules } from "../../support/grants/many.ts";

test("three processes over a failing store never spend a refresh token twice, and all are served in the end", () =>
  runSchedules(1, 80));
