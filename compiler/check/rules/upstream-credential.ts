import type { Rule } from "../rule.ts";

export const upstreamCredential: Rule = {
  id: "upstream/credential",
  severity: "error",
  summary: "A profile with credentials for an MCP server that the host starts.",
  check: ({ declared: { root, profiles } }, report) => {
    const type = root.at("mcp_upstream").at("type");
    if (type.string() !== "stdio") return;
    for (const profile of profiles) {
      if (profile.type === "none") continue;
      report({
        path: profile.at.at("type").path,
        message:
          "There is no request that could carry a credential: the host gives the server what it needs when it starts it.",
        label: "has no place to go",
        help: "Make it the one profile of `type: none`; the host puts secrets into the server's environment.",
        related: [{ path: type.path, message: "started by the host" }],
      });
    }
  },
};
