import { limitsFor } from "../../lower/limits.ts";
import type { Rule } from "../rule.ts";

export const limitCost: Rule = {
  id: "limit/cost",
  severity: "error",
  summary: "An operation that costs more than a limit ever admits.",
  check: ({ declared }, report) => {
    for (const { at } of declared.operations) {
      const cost = at.at("cost").number();
      if (cost === undefined) continue;
      const scope = at.at("rate_limit_scope");
      const wanted = scope.exists ? scope.itemsOrSelf().flatMap((item) => item.string() ?? []) : undefined;
      for (const index of limitsFor(wanted, declared.limits)) {
        const limit = declared.limits[index]?.at;
        const capacity =
          (limit?.at("limit").number() ?? Number.POSITIVE_INFINITY) + (limit?.at("burst").number() ?? 0);
        if (!limit || cost <= capacity) continue;
        report({
          path: [...at.path, "cost"],
          message: `A cost of ${cost} is above what the limit admits at once (${capacity}): the operation could never start.`,
          help: "Lower the cost, or raise the limit or its burst.",
          related: [{ path: [...limit.path, "limit"], message: "the limit" }],
        });
        break;
      }
    }
  },
};
