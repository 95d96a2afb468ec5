import { duplicateRule } from "../duplicates.ts";
import type { Rule } from "../rule.ts";

export const mcpDuplicateTool: Rule = duplicateRule({
  id: "mcp/duplicate-tool",
  summary: "Two MCP tools with one name.",
  what: "tool",
  help: "Give each tool a name of its own.",
  names: ({ declared }) =>
    declared.tools.flatMap(({ name, at }) =>
      name === undefined ? [] : [{ group: "", name, path: [...at.path, "mcp_tool_name"] }],
    ),
});
