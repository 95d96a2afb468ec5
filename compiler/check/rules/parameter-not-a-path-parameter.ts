import type { Rule } from "../rule.ts";

export const parameterNotAPathParameter: Rule = {
  id: "parameter/not-a-path-parameter",
  severity: "error",
  summary: "A hole in the path takes a parameter of another location.",
  check: ({ declared, lowering }, report) => {
    const operations = new Map(declared.operations.map((operation) => [operation.id, operation]));
    for (const { symbol, context, owner, path, span, section } of lowering.references) {
      if (
        symbol.kind !== "parameter" ||
        section !== "endpoint" ||
        owner.kind !== "operation" ||
        (context !== "path" && context !== "path_slashes")
      )
        continue;
      const parameter = operations.get(owner.id)?.parameters.find(({ name }) => name === symbol.name);
      if (!parameter || parameter.location === "path" || parameter.location === "body") continue;
      report({
        path,
        span,
        message: `\`${symbol.name}\` is a ${parameter.location} parameter, but stands in the path.`,
        help: "Give it `location: path`.",
        related: [{ path: [...parameter.at.path, "location"], message: "declared here" }],
      });
    }
  },
};
