import { durationWords } from "../duration.ts";
import type { Rule } from "../rule.ts";

/** Usual windows, as milliseconds; as seconds nobody states a limit by them. */
const asMilliseconds: readonly number[] = [
  1000, 5000, 10_000, 30_000, 60_000, 300_000, 900_000, 3_600_000, 86_400_000,
];

export const limitIntervalUnit: Rule = {
  id: "limit/interval-unit",
  severity: "warning",
  summary: "An `interval_seconds` that looks like milliseconds.",
  check: ({ declared }, report) => {
    for (const { at } of declared.limits) {
      const interval = at.at("interval_seconds");
      const value = interval.number();
      if (value === undefined || !asMilliseconds.includes(value)) continue;
      report({
        path: interval.path,
        message: `${value} seconds are ${durationWords(value * 1000)}. In milliseconds this would be ${durationWords(value)}.`,
        help: `To say ${durationWords(value)}, write ${value / 1000}: else calls wait a thousand times longer than they need.`,
        replace: String(value / 1000),
      });
    }
  },
};
