import { isToken, namedHeaders } from "../headers.ts";
import type { Rule } from "../rule.ts";

export const headerInvalidName: Rule = {
  id: "header/invalid-name",
  severity: "error",
  summary: "A header name that is no token (RFC 9110, section 5.6.2).",
  check: (model, report) => {
    for (const { name, path, at } of namedHeaders(model))
      if (!isToken(name))
        report({
          path,
          at,
          message: `${JSON.stringify(name)} is no header name.`,
          help: "A header name has letters, digits and -, without blanks, colons or line breaks.",
        });
  },
};
