import type { Rule } from "../rule.ts";

export const upstreamTool: Rule = {
  id: "upstream/tool",
  severity: "error",
  summary: "An operation without a tool in a connector of an MCP server, or a tool without such a server.",
  check: ({ declared: { root, operations }, lowering }, report) => {
    const upstream = root.at("mcp_upstream");
    if (lowering.isBroken(upstream.path) || lowering.lostKey([])) return;
    for (const { id, at } of operations) {
      if (upstream.exists && !at.has("tool") && !lowering.lostKey(at.path))
        report({
          path: at.at("operation_id").path,
          message: `The operation \`${id}\` names no tool, and every operation of this connector is one of the MCP server's.`,
          label: "calls no tool",
          help: "Give it `tool: { name, hash }`, as `connector import mcp` writes them, or put it into a connector of its own.",
          related: [{ path: upstream.path, at: "key", message: "the server" }],
        });
      if (!upstream.exists && at.has("tool"))
        report({
          path: at.at("tool").path,
          at: "key",
          message: "The operation calls a tool, and nothing says of which MCP server.",
          help: "Add `mcp_upstream: { type: streamable_http }`, with the server's URL as `base_url`.",
        });
    }
  },
};
