import { closest, list } from "../../../schema/language/spelling.ts";
import type { Rule } from "../rule.ts";

export const mcpUnknownOperation: Rule = {
  id: "mcp/unknown-operation",
  severity: "error",
  summary: "A route mapping names no operation of this descriptor.",
  check: ({ declared }, report) => {
    if (declared.open.operations) return;
    const known = declared.operations.map(({ id }) => id);
    for (const { operation, at } of declared.tools) {
      if (operation === undefined || known.includes(operation)) continue;
      const meant = closest(operation, known);
      report({
        path: [...at.path, "operation_id"],
        message: `There is no operation \`${operation}\`.`,
        help: meant ? `Did you mean \`${meant}\`?` : `The operations are ${list(known)}.`,
        ...(meant ? { replace: meant } : {}),
      });
    }
  },
};
