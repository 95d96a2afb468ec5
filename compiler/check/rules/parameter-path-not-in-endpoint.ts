import type { Rule } from "../rule.ts";

export const parameterPathNotInEndpoint: Rule = {
  id: "parameter/path-not-in-endpoint",
  severity: "error",
  summary: "A path parameter without a hole in the endpoint.",
  check: ({ declared, lowering }, report) => {
    const placed = new Set<string>();
    for (const { symbol, context, owner } of lowering.references)
      if (
        symbol.kind === "parameter" &&
        owner.kind === "operation" &&
        (context === "path" || context === "path_slashes" || context === "raw")
      )
        placed.add(`${owner.id}\n${symbol.name}`);
    for (const { id, at, parameters } of declared.operations) {
      if (lowering.hasUnresolved("operation", id) || !at.has("endpoint")) continue;
      for (const parameter of parameters) {
        if (parameter.location !== "path") continue;
        if (!placed.has(`${id}\n${parameter.name}`))
          report({
            path: [...parameter.at.path, "name"],
            message: `The endpoint has no {${parameter.name}} in its path.`,
            help: `Write {${parameter.name}} where the value belongs, or change the parameter's location.`,
            related: [{ path: [...at.path, "endpoint"], message: "the endpoint" }],
          });
      }
    }
  },
};
