import { capacity, neverStarts } from "../../../schema/language/limits.ts";
import { wantedLimits } from "../../lower/operation.ts";
import type { Rule } from "../rule.ts";

export const limitCost: Rule = {
  id: "limit/cost",
  severity: "error",
  summary: "An operation that costs more than a limit ever admits.",
  check: ({ declared, lowering, operations }, report) => {
    for (const {
      declared: { at },
      operation,
    } of operations) {
      const cost = at.at("cost").number();
      if (cost === undefined) continue;
      for (const index of operation?.limits ?? lowering.limitsFor(wantedLimits(at))) {
        const limit = declared.limits[index]?.at;
        const count = limit?.at("limit").number();
        if (!limit || count === undefined) continue;
        const rule = { limit: count, burst: limit.at("burst").number() ?? 0 };
        if (!neverStarts(rule, cost)) continue;
        report({
          path: [...at.path, "cost"],
          message: `A cost of ${cost} is above what the limit admits at once (${capacity(rule)}): the operation could never start.`,
          help: "Lower the cost, or raise the limit or its burst.",
          related: [{ path: [...limit.path, "limit"], message: "the limit" }],
        });
        break;
      }
    }
  },
};
