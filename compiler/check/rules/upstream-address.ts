import type { Rule } from "../rule.ts";

export const upstreamAddress: Rule = {
  id: "upstream/address",
  severity: "error",
  summary:
    "An MCP server without an address, or one that the host starts and that has an address all the same.",
  check: ({ declared: { root }, lowering }, report) => {
    const upstream = root.at("mcp_upstream");
    const type = upstream.at("type").string();
    const base = root.at("base_url");
    if (!upstream.exists || lowering.isBroken(upstream.path) || lowering.lostKey([])) return;
    if (type === "streamable_http" && !base.exists)
      report({
        path: upstream.at("type").path,
        message: "The server is at `base_url`, which is not given.",
        help: 'Add the server\'s whole URL, such as `base_url: "https://mcp.example.com/mcp"`.',
      });
    if (type === "stdio" && base.exists)
      report({
        path: base.path,
        at: "key",
        message: "The host starts this server and speaks to it over its input and output: it has no URL.",
        label: "of no use here",
        help: "Remove `base_url`, or write `type: streamable_http` where the server is to be reached by it.",
        related: [{ path: upstream.at("type").path, message: "started by the host" }],
      });
  },
};
