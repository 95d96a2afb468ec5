import { allPageParameters, isCursor, pagings } from "../paging.ts";
import type { Rule } from "../rule.ts";

export const paginationRequiredParameter: Rule = {
  id: "pagination/required-parameter",
  severity: "warning",
  summary: "A parameter that the page reader fills in and that every caller must give.",
  check: (model, report) => {
    for (const paging of pagings(model)) {
      for (const parameter of allPageParameters(paging)) {
        const { key, name, declared } = parameter;
        if (!declared?.required || declared.hasDefault) continue;
        const cursor = isCursor(parameter);
        const required = declared.at.at("required");
        report({
          path: required.exists ? required.path : [...declared.at.path, "location"],
          ...(cursor ? { severity: "info" as const } : {}),
          message: cursor
            ? `Every caller must give \`${name}\`, so that reading begins only where a first cursor is known.`
            : `Every caller must give \`${name}\`, which the page reader fills in by itself.`,
          help: cursor
            ? `Leave it so where another operation gives the first cursor. Where the first page needs none, ${required.exists ? `remove \`required\` of \`${name}\`` : `give \`${name}\` a \`default_value\``}.`
            : required.exists
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
