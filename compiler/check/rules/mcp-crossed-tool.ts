import type { Rule } from "../rule.ts";

export const mcpCrossedTool: Rule = {
  id: "mcp/crossed-tool",
  severity: "warning",
  summary: "An MCP tool with the name of one operation that calls another.",
  check: ({ declared }, report) => {
    const operations = new Map(declared.operations.map((operation) => [operation.id, operation]));
    for (const { name, operation, at } of declared.tools) {
      if (name === undefined || operation === undefined || name === operation) continue;
      const named = operations.get(name);
      if (!named || !operations.has(operation)) continue;
      report({
        path: [...at.path, "operation_id"],
        message: `The tool \`${name}\` calls \`${operation}\`, and there is an operation \`${name}\`.`,
        label: "another operation than its name says",
        help: `Write \`operation_id: ${name}\`, or give the tool another name.`,
        replace: name,
        related: [
          { path: [...at.path, "mcp_tool_name"], message: "the tool's name" },
          { path: [...named.at.path, "operation_id"], message: "the operation of that name" },
        ],
      });
    }
  },
};
