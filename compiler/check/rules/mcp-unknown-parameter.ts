import { closest, list } from "../../../schema/language/spelling.ts";
import type { Rule } from "../rule.ts";

export const mcpUnknownParameter: Rule = {
  id: "mcp/unknown-parameter",
  severity: "error",
  summary: "A parameter mapping names no parameter of its operation.",
  check: ({ declared }, report) => {
    for (const { operation, at } of declared.tools) {
      const target = declared.operations.find(({ id }) => id === operation);
      if (!target || target.open) continue;
      const known = target.parameters.map(({ name }) => name);
      for (const [from, to] of at.at("parameter_mappings").entries()) {
        if (known.includes(from)) continue;
        const meant = closest(from, known);
        report({
          path: to.path,
          at: "key",
          message: `The operation \`${operation}\` has no parameter \`${from}\`.`,
          help: meant
            ? `Did you mean \`${meant}\`?`
            : known.length > 0
              ? `Its parameters are ${list(known)}.`
              : "It has no parameters.",
          ...(meant ? { replace: meant } : {}),
        });
      }
    }
  },
};
