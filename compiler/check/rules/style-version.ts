import type { Rule } from "../rule.ts";

export const styleVersion: Rule = {
  id: "style/version",
  severity: "info",
  preset: "strict",
  summary: "The descriptor has no version.",
  check: ({ declared }, report) => {
    const metadata = declared.root.at("metadata");
    if (!metadata.exists || metadata.has("version")) return;
    report({
      path: metadata.path,
      at: "missing",
      message: "The metadata has no `version`; it counts as 0.1.0.",
      help: "Give a semantic version, and raise it with each change.",
    });
  },
};
