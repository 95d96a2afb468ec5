import { isToken, type NamedHeader, namedHeaders, otherTokens } from "../headers.ts";
import type { Rule } from "../rule.ts";

export const headerInvalidName: Rule = {
  id: "header/invalid-name",
  severity: "error",
  summary: "A header or cookie name that is no token (RFC 9110, section 5.6.2; RFC 6265, section 4.1.1).",
  check: (model, report) => {
    const judge = (what: string, { name, path, at }: Pick<NamedHeader, "name" | "path" | "at">): void => {
      if (!isToken(name))
        report({
          path,
          at,
          message: `${JSON.stringify(name)} is no ${what} name.`,
          help: `A ${what} name has letters, digits and -, without blanks, colons or line breaks.`,
        });
    };
    for (const header of namedHeaders(model)) judge("header", header);
    for (const token of otherTokens(model)) judge(token.what, token);
  },
};
