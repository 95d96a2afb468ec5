import type { Rule } from "../rule.ts";

export const styleDocumentationUrl: Rule = {
  id: "style/documentation-url",
  severity: "info",
  preset: "strict",
  summary: "The descriptor does not say where the API is documented.",
  check: ({ declared }, report) => {
    const metadata = declared.root.at("metadata");
    if (!metadata.exists || metadata.has("documentation_url")) return;
    report({
      path: metadata.path,
      at: "missing",
      message: "The metadata has no `documentation_url`.",
      help: "Give the address of the API's own documentation: whoever mends the descriptor will need it.",
    });
  },
};
