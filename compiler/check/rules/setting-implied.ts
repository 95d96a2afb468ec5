import type { Context } from "../../../schema/ir.ts";
import type { Rule } from "../rule.ts";

export const settingImplied: Rule = {
  id: "setting/implied",
  severity: "warning",
  summary: "A URL names a host or base URL that no `connection_config` entry declares.",
  check: ({ declared, lowering }, report) => {
    // What was lost may have declared it.
    if (declared.open.settings || lowering.lostKey([])) return;
    for (const { key, context, path, span } of lowering.implied.values()) {
      report({
        path,
        span,
        label: "an undeclared setting",
        message: `\`${key}\` is not declared; every connection must give it as a setting.`,
        help: `Declare it at the top level:\nconnection_config:\n  - key: ${key}\n    label: "${label(key)}"\n    ${bounds(context)}`,
      });
    }
  },
};

/** What bounds a value of a host's part. */
function bounds(context: Context): string {
  switch (context) {
    case "port":
      return "field_type: integer";
    case "base_url":
      return "format: uri";
    case "host":
      return "format: subdomain";
    default:
      return "format: hostname";
  }
}

function label(key: string): string {
  const words = key.replaceAll(/[_-]+/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
