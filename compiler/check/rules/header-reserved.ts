import { isReservedHeader } from "../../../schema/language/reserved-headers.ts";
import { namedHeaders, sentByPaging } from "../headers.ts";
import type { Rule } from "../rule.ts";

export const headerReserved: Rule = {
  id: "header/reserved",
  severity: "error",
  summary: "A header that the transport alone sets: Host, Content-Length, Transfer-Encoding and their like.",
  check: (model, report) => {
    for (const { name, path, at } of [...namedHeaders(model), ...sentByPaging(model)])
      if (isReservedHeader(name))
        report({
          path,
          at,
          message: `The header ${name} is the transport's to set.`,
          help: "Remove it; it is computed for each request.",
        });
  },
};
