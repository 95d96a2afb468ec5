import type { RuleInfo } from "../catalog.ts";

/** What is found in `# connector-ignore` comments. */
export const ignoreRules: { readonly [id in IgnoreRule]: RuleInfo } = {
  "ignore/syntax": {
    severity: "error",
    summary:
      "A `connector-ignore` comment that names no rule, has an unknown form or stands in the wrong place.",
  },
  "ignore/no-reason": { severity: "error", summary: "A `connector-ignore` comment without a reason." },
  "ignore/unknown-rule": {
    severity: "error",
    summary: "A `connector-ignore` comment for a rule that does not exist.",
  },
  "ignore/blocking": {
    severity: "error",
    summary: "A `connector-ignore` comment for a rule that cannot be ignored.",
  },
  "ignore/unused": {
    severity: "warning",
    summary: "A `connector-ignore` comment under which nothing was found.",
  },
};

export type IgnoreRule = `ignore/${"syntax" | "no-reason" | "unknown-rule" | "blocking" | "unused"}`;
