import type { Cursor } from "../../lower/cursor.ts";
import { inStyle } from "../../validate/words.ts";
import type { Rule } from "../rule.ts";

export const mcpToolName: Rule = {
  id: "mcp/tool-name",
  severity: "error",
  summary: "A tool or parameter name that MCP clients refuse; with dots, one that some refuse (warning).",
  check: ({ declared }, report) => {
    for (const { name, at } of declared.tools) {
      if (name !== undefined && !/^[a-zA-Z0-9_-]{1,64}$/.test(name)) {
        const dotted = /^[a-zA-Z0-9_.-]{1,64}$/.test(name);
        report({
          path: [...at.path, "mcp_tool_name"],
          message: dotted
            ? `Some MCP clients refuse the dot in \`${name}\`.`
            : `MCP clients refuse the tool name "${name}".`,
          help: "Use letters, digits, _ and -, at most 64.",
          ...written(at.at("mcp_tool_name"), name.replace(/[^a-zA-Z0-9_-]+/g, "_").slice(0, 64) || "tool"),
          ...(dotted ? { severity: "warning" as const } : {}),
        });
      }
      for (const [, to] of at.at("parameter_mappings").entries()) {
        const key = to.string();
        if (key === undefined || /^[a-zA-Z0-9_-]{1,64}$/.test(key)) continue;
        const dotted = /^[a-zA-Z0-9_.-]{1,64}$/.test(key);
        report({
          path: to.path,
          message: dotted
            ? `Some MCP clients refuse the dot in the parameter name \`${key}\`.`
            : `MCP clients refuse the parameter name "${key}".`,
          help: "Use letters, digits, _ and -, at most 64.",
          ...written(to, key.replace(/[^a-zA-Z0-9_-]+/g, "_").slice(0, 64) || "value"),
          ...(dotted ? { severity: "warning" as const } : {}),
        });
      }
    }
  },
};

/** A name in the style of the one that it replaces. */
function written({ scalar }: Cursor, name: string): { readonly replace?: string } {
  return scalar && scalar.style !== "block" ? { replace: inStyle(name, scalar) } : {};
}
