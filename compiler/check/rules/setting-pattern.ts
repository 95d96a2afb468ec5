import { patternProblem } from "../patterns.ts";
import type { Rule } from "../rule.ts";

export const settingPattern: Rule = {
  id: "setting/pattern",
  severity: "error",
  summary: "A pattern of a setting or credential field that cannot be run: it would bound nothing.",
  check: ({ lowering: { patterns } }, report) => {
    for (const { pattern, path } of patterns.fields) {
      const problem = patternProblem(pattern, patterns);
      if (problem)
        report({
          path,
          ...(problem.kind === "stray" ? { severity: "warning" as const } : {}),
          message:
            problem.kind === "stray"
              ? problem.message
              : problem.kind === "invalid"
                ? `This pattern is not valid: ${problem.message}.`
                : `This pattern cannot be run in linear time: ${problem.message}.`,
          help:
            problem.kind === "stray"
              ? problem.help
              : problem.help.replace(/\.$/, "; it is held against the whole value."),
        });
    }
  },
};
