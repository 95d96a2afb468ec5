import { allChains } from "../../lower/oauth-after.ts";
import { durationWords } from "../duration.ts";
import type { Rule } from "../rule.ts";

export const chainTtlUnit: Rule = {
  id: "chain/ttl-unit",
  severity: "warning",
  summary: "A `ttl_seconds` that looks like milliseconds.",
  check: ({ declared }, report) => {
    for (const { steps } of allChains(declared))
      for (const { at } of steps) {
        const life = at.at("ttl_seconds");
        const value = life.number();
        if (value === undefined || !looksLikeMilliseconds(value)) continue;
        report({
          path: life.path,
          message: `${value} seconds are ${durationWords(value * 1000)}. In milliseconds this would be ${durationWords(value)}.`,
          help: `To say ${durationWords(value)}, write ${value / 1000}.`,
          replace: String(value / 1000),
        });
      }
  },
};

/** Whole minutes as milliseconds, five at least, that are no whole days as seconds; or days as milliseconds. */
export function looksLikeMilliseconds(value: number): boolean {
  return (
    (value >= 300_000 && value % 60_000 === 0 && value % 86_400 !== 0) ||
    (value > 0 && value % 86_400_000 === 0)
  );
}
