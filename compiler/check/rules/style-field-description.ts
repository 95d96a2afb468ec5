import type { Rule } from "../rule.ts";

export const styleFieldDescription: Rule = {
  id: "style/field-description",
  severity: "info",
  preset: "strict",
  summary: "A credential field without a description.",
  check: ({ declared }, report) => {
    for (const { key, at, implied } of declared.profiles.flatMap(({ fields }) => fields)) {
      if (implied || at.has("description")) continue;
      report({
        path: [...at.path, "key"],
        message: `The credential field \`${key}\` has no description.`,
        help: "Say where its value is found: whoever connects an account is asked for it.",
      });
    }
  },
};
