import type { Rule } from "../rule.ts";

export const mcpNoMapping: Rule = {
  id: "mcp/no-mapping",
  severity: "warning",
  summary: "MCP is enabled, and its list of tools is empty.",
  check: ({ declared }, report) => {
    const mcp = declared.root.at("mcp_config");
    const mappings = mcp.at("route_mappings");
    const isEmpty = mappings.node?.kind === "list" && mappings.size === 0;
    if (!isEmpty || mcp.at("enabled").boolean() !== true) return;
    report({
      path: mappings.path,
      at: "key",
      message: "MCP is enabled, and no operation is named as a tool.",
      label: "empty",
      help: "Name the operations that become tools. Without this key, all that are not deprecated do.",
      related: [{ path: [...mcp.path, "enabled"], at: "key", message: "enabled here" }],
    });
  },
};
