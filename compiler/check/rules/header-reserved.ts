import { namedHeaders } from "../headers.ts";
import type { Rule } from "../rule.ts";

const reserved = new Set([
  "host",
  "content-length",
  "transfer-encoding",
  "connection",
  "keep-alive",
  "upgrade",
  "te",
  "trailer",
  "expect",
]);

export const headerReserved: Rule = {
  id: "header/reserved",
  severity: "error",
  summary: "A header that the transport alone sets: Host, Content-Length, Transfer-Encoding and their like.",
  check: (model, report) => {
    for (const { name, path, at } of namedHeaders(model)) {
      const lower = name.toLowerCase();
      if (reserved.has(lower) || lower.startsWith("proxy-"))
        report({
          path,
          at,
          message: `The header ${name} is the transport's to set.`,
          help: "Remove it; it is computed for each request.",
        });
    }
  },
};
