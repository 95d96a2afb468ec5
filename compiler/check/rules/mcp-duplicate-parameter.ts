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
      const parameters = declared.operations.find(({ id }) => id === operation)?.parameters ?? [];
      // Two parameters of one name have a finding of their own.
      const unmapped = [...new Map(parameters.map((one) => [one.name, one])).values()]
        .filter(({ name }) => !mapped.some(([from]) => from === name))
        .map((p) => ({ group, name: p.name, path: [...p.at.path, "name"] }));
      return [
        ...unmapped,
        ...mapped.flatMap(([, to]) => {
          const name = to.string();
          return name === undefined ? [] : [{ group, name, path: to.path }];
        }),
      ];
    }),
});
