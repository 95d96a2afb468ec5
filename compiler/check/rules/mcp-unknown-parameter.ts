import { adviseName } from "../meant.ts";
import type { Rule } from "../rule.ts";

export const mcpUnknownParameter: Rule = {
  id: "mcp/unknown-parameter",
  severity: "error",
  blocking: true,
  summary: "A parameter mapping names no parameter of its operation.",
  check: ({ declared }, report) => {
    for (const { operation, at } of declared.tools) {
      const target = declared.operations.find(({ id }) => id === operation);
      if (!target || target.open || (declared.open.operations && target.parameters.length === 0)) continue;
      const known = target.parameters.map((p) => ({ name: p.name, path: [...p.at.path, "name"] }));
      const mappings = at.at("parameter_mappings");
      for (const [from, to] of mappings.entries()) {
        if (known.some(({ name }) => name === from)) continue;
        report({
          path: to.path,
          at: "key",
          message: `The operation \`${operation}\` has no parameter \`${from}\`.`,
          label: "no such parameter",
          ...(known.length === 0 ? { cause: operation ?? "" } : {}),
          related: [{ path: [...target.at.path, "operation_id"], message: "the operation" }],
          ...adviseName(from, { key: from, in: mappings }, known, (shown) =>
            shown ? `Its parameters are ${shown}.` : "It has no parameters.",
          ),
        });
      }
    }
  },
};
