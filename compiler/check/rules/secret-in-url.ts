import type { Rule } from "../rule.ts";

export const secretInUrl: Rule = {
  id: "secret/in-url",
  severity: "warning",
  summary: "A secret written into a URL, which servers and proxies log.",
  check: ({ lowering }, report) => {
    for (const { secret, context, section, path, span, owner } of lowering.references) {
      const inUrl =
        context === "path" ||
        context === "path_slashes" ||
        context === "query" ||
        (context === "raw" && /endpoint|query/.test(section));
      if (!secret || !inUrl || section === "auth_query" || section === "oauth") continue;
      report({
        path,
        span,
        message: "A secret stands in a URL here; URLs end up in logs.",
        help:
          owner.kind === "operation"
            ? "Send it in a header (`auth_headers`); where the API knows no other way, use `auth_query`."
            : "Send it in a header or in the body if the API allows it.",
      });
    }
  },
};
