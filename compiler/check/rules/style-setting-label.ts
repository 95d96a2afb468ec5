import type { Rule } from "../rule.ts";

export const styleSettingLabel: Rule = {
  id: "style/setting-label",
  severity: "info",
  preset: "strict",
  summary: "A connection setting without a label.",
  check: ({ declared }, report) => {
    for (const { key, at } of declared.settings) {
      if (at.has("label")) continue;
      report({
        path: [...at.path, "key"],
        message: `The setting \`${key}\` has no label; its key is shown in its place.`,
        help: "Add a `label` in the words of the people who connect an account.",
      });
    }
  },
};
