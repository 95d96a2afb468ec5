import type { Rule } from "../rule.ts";

export const styleParameterDescription: Rule = {
  id: "style/parameter-description",
  severity: "info",
  preset: "strict",
  summary: "A parameter without a description.",
  check: ({ declared }, report) => {
    for (const { name, at } of declared.operations.flatMap(({ parameters }) => parameters)) {
      if (at.has("description")) continue;
      report({
        path: [...at.path, "name"],
        message: `The parameter \`${name}\` has no description.`,
        help: "Say what it means and which values it takes: people read it in the client, agents in the tool.",
      });
    }
  },
};
