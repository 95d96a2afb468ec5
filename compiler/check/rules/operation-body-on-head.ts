import type { Rule } from "../rule.ts";
import { bodyPath } from "./operation-body-on-get.ts";

export const operationBodyOnHead: Rule = {
  id: "operation/body-on-head",
  severity: "error",
  summary: "A body on a HEAD request (RFC 9110, section 9.3.2).",
  check: ({ declared }, report) => {
    for (const operation of declared.operations) {
      if (operation.at.at("method").string() !== "HEAD") continue;
      const path = bodyPath(operation);
      if (path)
        report({
          path,
          ...(path.at(-1) === "body" ? { at: "key" as const } : {}),
          message: "A HEAD request has no body.",
          related: [{ path: [...operation.at.path, "method"], message: "the method" }],
          help: "Send the values in the query, or use another method.",
        });
    }
  },
};
