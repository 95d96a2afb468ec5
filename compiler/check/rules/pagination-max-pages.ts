import { pagings } from "../paging.ts";
import type { Rule } from "../rule.ts";

export const paginationMaxPages: Rule = {
  id: "pagination/max-pages",
  severity: "warning",
  summary: "Paging that may read a single page.",
  check: (model, report) => {
    for (const { at } of pagings(model)) {
      if (at.at("max_pages").number() !== 1) continue;
      report({
        path: [...at.path, "max_pages"],
        message: "Every listing with a second page ends in the error `truncated`.",
        help: "Raise `max_pages`; where one page is wanted, say `type: none`, or have the caller pass `maxPages`.",
      });
    }
  },
};
