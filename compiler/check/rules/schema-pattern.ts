import type { Cursor } from "../../lower/cursor.ts";
import { embeddedSchemas } from "../../lower/schemas.ts";
import { patternProblem } from "../patterns.ts";
import type { Rule } from "../rule.ts";

export const schemaPattern: Rule = {
  id: "schema/pattern",
  severity: "warning",
  summary:
    "A pattern that is invalid, or that a linear-time engine cannot run: it is not checked at run time.",
  check: ({ declared }, report) => {
    const judge = (pattern: string, at: Cursor, where: "key" | "value"): void => {
      const problem = patternProblem(pattern);
      if (problem)
        report({
          path: at.path,
          at: where,
          message:
            problem.kind === "invalid"
              ? `This pattern is not valid: ${problem.message}.`
              : `This pattern cannot be run in linear time (${problem.message}): values are not held against it.`,
          help: "Write a pattern without look-around and back-references.",
        });
    };
    const visit = (at: Cursor): void => {
      for (const item of at.items()) visit(item);
      for (const [key, value] of at.entries()) {
        const pattern = value.string();
        if (key === "pattern" && pattern !== undefined) judge(pattern, value, "value");
        else if (key === "patternProperties")
          for (const [name, inner] of value.entries()) judge(name, inner, "key");
        if (key !== "enum" && key !== "const" && key !== "default" && key !== "examples") visit(value);
      }
    };
    for (const schema of embeddedSchemas(declared.root)) visit(schema);
    const matchers = [
      ...declared.profiles.map(({ at }) => at.at("expired_when")),
      ...declared.operations.flatMap(({ at }) => [at.at("errors"), at.at("pagination").at("stop_when")]),
      declared.root.at("defaults"),
    ];
    const visitMatches = (at: Cursor): void => {
      for (const item of at.items()) visitMatches(item);
      for (const [key, value] of at.entries()) {
        const pattern = value.string();
        if (key === "matches" && pattern !== undefined) judge(pattern, value, "value");
        else visitMatches(value);
      }
    };
    for (const matcher of matchers) visitMatches(matcher);
  },
};
