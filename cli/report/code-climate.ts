import { escapeText } from "../../compiler/escape.ts";
import type { Diagnostic, Severity } from "../../schema/diagnostic.ts";
import { jsonText } from "./escape.ts";
import { createFingerprinter } from "./fingerprint.ts";
import { nameInCheckout } from "./place.ts";
import type { CreateReporter } from "./reporter.ts";

const severities: { readonly [S in Severity]: string } = { error: "major", warning: "minor", info: "info" };

/** One JSON array of Code Climate issues, as GitLab's code quality report reads it. */
export const createCodeClimateReporter: CreateReporter = ({ cwd, checkout }) => ({
  file: () => "",
  end: ({ files }) => {
    const fingerprinter = createFingerprinter();
    const issues = files.flatMap(({ name, text, diagnostics }) => {
      const path = nameInCheckout(name, cwd, checkout);
      const fingerprintOf = fingerprinter(path, text);
      return diagnostics.map((diagnostic) => issue(diagnostic, path, fingerprintOf(diagnostic)));
    });
    return `${jsonText(issues, 2)}\n`;
  },
});

function issue(diagnostic: Diagnostic, path: string, fingerprint: string): object {
  const { rule, severity, message, help, range } = diagnostic;
  return {
    type: "issue",
    check_name: rule,
    description: escapeText(message),
    ...(help === undefined ? {} : { content: { body: help.split("\n").map(escapeText).join("\n") } }),
    categories: [categoryOf(diagnostic)],
    severity: severities[severity],
    fingerprint,
    location: { path, positions: { begin: range.start, end: range.end } },
  };
}

/** The nearest of Code Climate's own categories. */
function categoryOf({ rule, severity }: Diagnostic): string {
  if (/^(?:secret|url)\//.test(rule)) return "Security";
  return severity === "info" ? "Style" : "Bug Risk";
}
