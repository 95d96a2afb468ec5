import { namedHeaders } from "../headers.ts";
import type { Rule } from "../rule.ts";

export const headerInvalidValue: Rule = {
  id: "header/invalid-value",
  severity: "error",
  summary: "A header value with a line break or another control character (RFC 9110, section 5.5).",
  check: (model, report) => {
    for (const { value } of namedHeaders(model)) {
      const text = value?.string();
      if (value === undefined || text === undefined || !/[\u0000-\u0008\u000a-\u001f\u007f]/.test(text))
        continue;
      report({
        path: value.path,
        message: "A header value cannot hold line breaks or control characters.",
        help: "Write the value on one line (in YAML, >- folds it but keeps inner breaks of |).",
      });
    }
  },
};
