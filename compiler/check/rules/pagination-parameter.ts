import { closest } from "../../../schema/language/spelling.ts";
import type { Rule } from "../rule.ts";

export const paginationParameter: Rule = {
  id: "pagination/parameter",
  severity: "warning",
  summary: "A paging parameter that is a slip away from a declared one.",
  check: ({ declared }, report) => {
    for (const { at, parameters, open } of declared.operations) {
      if (open) continue;
      const known = parameters.flatMap((p) => [p.name, p.at.at("wire_name").string() ?? p.name]);
      for (const key of ["cursor_param", "offset_param", "page_param", "limit_param"]) {
        const ref = at.at("pagination").at(key);
        const name = ref.string();
        if (name === undefined || known.includes(name)) continue;
        const meant = closest(name, known);
        if (meant === undefined) continue;
        report({
          path: ref.path,
          message: `No parameter is called \`${name}\`, so it is sent as a query parameter of its own beside \`${meant}\`.`,
          help: `Did you mean \`${meant}\`?`,
          replace: meant,
        });
      }
    }
  },
};
