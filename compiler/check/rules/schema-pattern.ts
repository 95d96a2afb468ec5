import { patternProblem } from "../patterns.ts";
import type { Rule } from "../rule.ts";

export const schemaPattern: Rule = {
  id: "schema/pattern",
  severity: "warning",
  summary:
    "A pattern that is invalid, or that a linear-time engine cannot run: it is not checked at run time.",
  check: ({ lowering: { patterns } }, report) => {
    for (const { pattern, path, at } of patterns.others) {
      const problem = patternProblem(pattern, patterns);
      if (problem)
        report({
          path,
          at,
          message:
            problem.kind === "stray"
              ? problem.message
              : problem.kind === "invalid"
                ? `This pattern is not valid: ${problem.message}.`
                : `This pattern cannot be run in linear time (${problem.message}): values are not held against it.`,
          help: problem.help,
        });
    }
  },
};
