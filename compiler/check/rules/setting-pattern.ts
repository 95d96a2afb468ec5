import { patternProblem } from "../patterns.ts";
import type { Rule } from "../rule.ts";

export const settingPattern: Rule = {
  id: "setting/pattern",
  severity: "error",
  summary: "A pattern of a setting or credential field that cannot be run: it would bound nothing.",
  check: ({ declared }, report) => {
    const fields = [...declared.settings, ...declared.profiles.flatMap((profile) => profile.fields)];
    for (const { at, implied } of fields) {
      const pattern = implied ? undefined : at.at("pattern").string();
      const problem = pattern === undefined ? undefined : patternProblem(pattern);
      if (problem)
        report({
          path: [...at.path, "pattern"],
          message:
            problem.kind === "invalid"
              ? `This pattern is not valid: ${problem.message}.`
              : `This pattern cannot be run in linear time: ${problem.message}.`,
          help: "Write a pattern without look-around and back-references; it is held against the whole value.",
        });
    }
  },
};
