import type { Rule } from "../rule.ts";

export const settingImplied: Rule = {
  id: "setting/implied",
  severity: "warning",
  summary: "A URL names a host or base URL that no `connection_config` entry declares.",
  check: ({ lowering }, report) => {
    for (const { key, context, path, span } of lowering.implied.values()) {
      const format = context === "base_url" ? "uri" : context === "host" ? "subdomain" : "hostname";
      report({
        path,
        span,
        message: `\`${key}\` is not declared; every connection must give it as a setting.`,
        help: `Declare it at the top level:\nconnection_config:\n  - key: ${key}\n    label: "${label(key)}"\n    format: ${format}`,
      });
    }
  },
};

function label(key: string): string {
  const words = key.replaceAll(/[_-]+/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
