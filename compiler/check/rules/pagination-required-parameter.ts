import { pageParameters, pagings } from "../paging.ts";
import type { Rule } from "../rule.ts";

export const paginationRequiredParameter: Rule = {
  id: "pagination/required-parameter",
  severity: "warning",
  summary: "A parameter that the page reader fills in and that every caller must give.",
  check: (model, report) => {
    for (const paging of pagings(model)) {
      for (const { key, name, declared } of pageParameters(paging)) {
        if (!declared?.required || declared.hasDefault) continue;
        const required = declared.at.at("required");
        report({
          path: required.exists ? required.path : [...declared.at.path, "location"],
          message:
            key === "cursor_param"
              ? `Every caller must give \`${name}\`, which nobody knows before the first page.`
              : `Every caller must give \`${name}\`, which the page reader fills in by itself.`,
          help: required.exists
            ? `Remove \`required\` of \`${name}\`, or give it a \`default_value\`.`
            : `A path parameter is always required: give \`${name}\` a \`default_value\`.`,
          related: [
            {
              path: paging.at.has(key) ? [...paging.at.path, key] : paging.at.path,
              ...(paging.at.has(key) ? {} : { at: "key" as const }),
              message: "filled in by this",
            },
          ],
        });
      }
    }
  },
};
