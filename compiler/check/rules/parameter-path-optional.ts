import { replacing } from "../../validate/words.ts";
import type { Rule } from "../rule.ts";

export const parameterPathOptional: Rule = {
  id: "parameter/path-optional",
  severity: "warning",
  summary: "A path parameter that says `required: false`: a URL needs it all the same.",
  check: ({ declared }, report) => {
    for (const { name, location, at } of declared.operations.flatMap(({ parameters }) => parameters)) {
      const required = at.at("required");
      if (location !== "path" || required.boolean() !== false || !required.scalar) continue;
      report({
        path: required.path,
        message: `\`${name}\` stands in the path, and is required whatever is said here.`,
        label: "has no effect",
        help: "Write `required: true`, or leave it out. What may be missing belongs into the query.",
        fix: replacing(required.scalar.span, "false", "true"),
        related: [{ path: [...at.path, "location"], message: "in the path" }],
      });
    }
  },
};
