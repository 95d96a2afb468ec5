import type { DeclaredOperation, DeclaredParameter } from "../../lower/declared.ts";
import { createFind } from "../../lower/find.ts";
import { adviseName, type Candidate } from "../meant.ts";
import type { Rule } from "../rule.ts";

export const mcpUnknownParameter: Rule = {
  id: "mcp/unknown-parameter",
  severity: "error",
  blocking: true,
  summary: "A parameter mapping names no parameter of its operation.",
  check: ({ declared }, report) => {
    const candidates = new Map<DeclaredOperation, readonly Candidate[]>();
    const candidatesOf = (target: DeclaredOperation): readonly Candidate[] => {
      const known =
        candidates.get(target) ??
        target.parameters.map((p) => ({ name: p.name, path: [...p.at.path, "name"] }));
      candidates.set(target, known);
      return known;
    };
    for (const { operation, at } of declared.tools) {
      const target = operation === undefined ? undefined : findOperation(declared.operations, operation);
      if (!target || target.open || (declared.open.operations && target.parameters.length === 0)) continue;
      const mappings = at.at("parameter_mappings");
      for (const [from, to] of mappings.entries()) {
        if (findParameter(target.parameters, from)) continue;
        report({
          path: to.path,
          at: "key",
          message: `The operation \`${operation}\` has no parameter \`${from}\`.`,
          label: "no such parameter",
          ...(target.parameters.length === 0 ? { cause: operation ?? "" } : {}),
          related: [{ path: [...target.at.path, "operation_id"], message: "the operation" }],
          ...adviseName(from, { key: from, in: mappings }, candidatesOf(target), (shown) =>
            shown ? `Its parameters are ${shown}.` : "It has no parameters.",
          ),
        });
      }
    }
  },
};

const findOperation = createFind<DeclaredOperation>(({ id }) => id);
const findParameter = createFind<DeclaredParameter>(({ name }) => name);
