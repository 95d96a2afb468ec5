import { pageParameters, pagings } from "../paging.ts";
import type { Rule } from "../rule.ts";

export const paginationSameParameter: Rule = {
  id: "pagination/same-parameter",
  severity: "error",
  summary: "One parameter for both the place and the size of a page.",
  check: (model, report) => {
    for (const paging of pagings(model)) {
      const [first, second] = pageParameters(paging);
      if (!first || !second) continue;
      const one = first.declared ? first.declared === second.declared : first.name === second.name;
      if (!one) continue;
      report({
        path: second.at.path,
        message: `\`${second.name}\` is to carry both the size of a page and its place.`,
        label: "the page size",
        help: `Name two parameters in \`${first.key}\` and \`${second.key}\`.`,
        related: [
          {
            path: first.at.path,
            ...(first.at === paging.at ? { at: "key" as const } : {}),
            message: "the page's place",
          },
        ],
      });
    }
  },
};
