import { test } from "vitest";
import { runSchedules } from "../../support/grants/many.ts";

test.each(Array.from({ length: 10 }, (_, thousand) => 1 + 1_000 * thousand))(
  "three processes spend no refresh token twice, in a thousand schedules from %i on",
  (first) => runSchedules(first, 1_000),
);
