import { adviseName } from "../meant.ts";
import type { Rule } from "../rule.ts";

export const mcpUnknownOperation: Rule = {
  id: "mcp/unknown-operation",
  severity: "error",
  blocking: true,
  summary: "A route mapping names no operation of this descriptor.",
  check: ({ declared }, report) => {
    if (declared.open.operations) return;
    const known = declared.operations.map(({ id, at }) => ({ name: id, path: [...at.path, "operation_id"] }));
    const ids = new Set(known.map(({ name }) => name));
    for (const { operation, at } of declared.tools) {
      if (operation === undefined || ids.has(operation)) continue;
      report({
        path: [...at.path, "operation_id"],
        message: `There is no operation \`${operation}\`.`,
        label: "no such operation",
        ...adviseName(operation, { value: at.at("operation_id") }, known, (shown) =>
          shown ? `The operations are ${shown}.` : "Declare it under `operations`.",
        ),
      });
    }
  },
};
