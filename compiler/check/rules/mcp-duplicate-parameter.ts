import type { DeclaredOperation, DeclaredParameter } from "../../lower/declared.ts";
import { createFind } from "../../lower/find.ts";
import { duplicateRule, type Named } from "../duplicates.ts";
import type { Rule } from "../rule.ts";

export const mcpDuplicateParameter: Rule = duplicateRule({
  id: "mcp/duplicate-parameter",
  summary: "Two parameters of one tool with one MCP name.",
  what: "parameter of this tool called",
  help: "Map each parameter to a name of its own, parameters without a mapping included.",
  names: ({ declared }) =>
    declared.tools.flatMap(({ operation, at }): Named[] => {
      const mapped = at.at("parameter_mappings").entries();
      const group = at.path.join("/");
      const target = operation === undefined ? undefined : findOperation(declared.operations, operation);
      const parameters = target?.parameters ?? [];
      const froms = new Set(mapped.map(([from]) => from));
      const tos = new Set(mapped.map(([, to]) => to.string()));
      // Two parameters of one name have a finding of their own: only a name that is mapped to can clash with another.
      const unmapped = [...tos].flatMap((name) => {
        const p = name === undefined || froms.has(name) ? undefined : findParameter(parameters, name);
        return p ? [{ group, name: p.name, path: [...p.at.path, "name"] }] : [];
      });
      return [
        ...unmapped,
        ...mapped.flatMap(([from, to]) => {
          const name = to.string();
          // What is mapped the wrong way round names nothing, which is told.
          const isUnknown = name === undefined || (target && !findParameter(parameters, from));
          return isUnknown ? [] : [{ group, name, path: to.path }];
        }),
      ];
    }),
});

const findOperation = createFind<DeclaredOperation>(({ id }) => id);
const findParameter = createFind<DeclaredParameter>(({ name }) => name);
