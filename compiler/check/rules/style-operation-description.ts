import type { Rule } from "../rule.ts";

export const styleOperationDescription: Rule = {
  id: "style/operation-description",
  severity: "info",
  preset: "strict",
  summary: "An operation that has a summary and no description.",
  check: ({ declared }, report) => {
    for (const { id, at } of declared.operations) {
      if (at.has("description")) continue;
      report({
        path: at.path,
        at: "missing",
        message: `The operation \`${id}\` has no description.`,
        help: "Say what it does and what to mind, beyond the summary: it becomes the comment of the generated method.",
      });
    }
  },
};
