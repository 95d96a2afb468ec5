import type { Diagnostic, Suggestion, Suppressed } from "../../../schema/diagnostic.ts";
import type { Fingerprinter } from "../fingerprint.ts";
import type { FileReport } from "../reporter.ts";
import { type Locator, regionOf } from "./locations.ts";
import { type DescribedRules, levels } from "./rules.ts";
import { plainMessage } from "./text.ts";

interface Context {
  readonly rules: DescribedRules;
  readonly locator: Locator;
  readonly fingerprinter: Fingerprinter;
  /** Whether results say that they are not suppressed. */
  readonly withSuppressions: boolean;
}

/** The findings of a file as SARIF results, the suppressed ones last. */
export function fileResults(file: FileReport, context: Context): object[] {
  const fingerprintOf = context.fingerprinter(file.name, file.text);
  const make = (diagnostic: Diagnostic): object => ({
    ...result(diagnostic, context),
    partialFingerprints: { "connectorFinding/v1": fingerprintOf(diagnostic) },
  });
  const open = context.withSuppressions ? { suppressions: [] } : {};
  return [
    ...file.diagnostics.map((diagnostic) => ({ ...make(diagnostic), ...open })),
    ...(file.suppressed ?? []).map((one) => ({ ...make(one.diagnostic), suppressions: [suppression(one)] })),
  ];
}

function result(diagnostic: Diagnostic, { rules, locator }: Context): object {
  const { file, rule, severity, message, help, range, label, path, related = [] } = diagnostic;
  const fixes = proposals(diagnostic).map(({ title, edits }) => ({
    description: { text: plainMessage(title) },
    artifactChanges: [{ artifactLocation: locator.artifact(file), replacements: edits.map(replacement) }],
  }));
  return {
    ruleId: rule,
    ruleIndex: rules.indexOf(rule),
    level: levels[severity],
    message: { text: plainMessage(help === undefined ? message : `${message}\n${help}`) },
    locations: [locator.location(file, range, label === undefined ? undefined : { message: label })],
    ...(related.length === 0
      ? {}
      : {
          relatedLocations: related.map((other, index) =>
            locator.location(other.file, other.range, { message: other.message, id: index + 1 }),
          ),
        }),
    ...(fixes.length === 0 ? {} : { fixes }),
    properties: { path },
  };
}

/** The certain mend, or the guess where there is none. */
function proposals({
  fix,
  suggestion,
}: Diagnostic): readonly { readonly title: string; readonly edits: readonly Suggestion[] }[] {
  if (fix) return fix.edits.length > 0 ? [fix] : [];
  return suggestion ? [{ title: `Replace it with ${suggestion.text}`, edits: [suggestion] }] : [];
}

/** What is inserted is the text itself: only JSON escapes it. */
function replacement({ range, text }: Suggestion): object {
  return { deletedRegion: regionOf(range), insertedContent: { text } };
}

function suppression({ by, reason }: Suppressed): object {
  return {
    kind: by === "inline" ? "inSource" : "external",
    status: "accepted",
    ...(reason === undefined ? {} : { justification: reason }),
  };
}
