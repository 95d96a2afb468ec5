import { inStyle } from "../../validate/words.ts";
import type { Rule } from "../rule.ts";

export const upstreamArgument: Rule = {
  id: "upstream/argument",
  severity: "error",
  summary: "A parameter of a tool that is no argument: its location is not the body.",
  check: ({ declared: { operations } }, report) => {
    for (const { at, parameters } of operations) {
      if (!at.has("tool")) continue;
      for (const parameter of parameters) {
        const location = parameter.at.at("location");
        if (parameter.location === "body" || !location.scalar) continue;
        report({
          path: location.path,
          message: `A tool has arguments alone, and \`${parameter.name}\` is to be sent in the ${parameter.location}.`,
          label: "not among the arguments",
          help: "Write `location: body`: what stands there is an argument, under its `wire_name` or at its `body_path`.",
          replace: inStyle("body", location.scalar),
        });
      }
    }
  },
};
