import type { Rule } from "../rule.ts";

export const styleRateLimit: Rule = {
  id: "style/rate-limit",
  severity: "info",
  preset: "strict",
  summary: "A descriptor of an API without rate limits.",
  check: ({ declared }, report) => {
    const { root, operations } = declared;
    if (root.has("rate_limits") || operations.length === 0) return;
    report({
      path: ["operations"],
      at: "key",
      message: "No rate limit is declared: calls are made as fast as they are asked for.",
      help: "Add `rate_limits` as the API documents them, or a cautious one: without it, many calls end in status 429.",
    });
  },
};
