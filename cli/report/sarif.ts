/** SARIF 2.1.0 (OASIS, errata 01), as code scanning services read it. */
import { version } from "../../runtime/version.ts";
import { jsonText } from "./escape.ts";
import { createFingerprinter } from "./fingerprint.ts";
import { fileUri } from "./place.ts";
import type { CreateReporter, ReporterOptions, RunReport } from "./reporter.ts";
import { createLocator } from "./sarif/locations.ts";
import { fileResults } from "./sarif/results.ts";
import { describeRules } from "./sarif/rules.ts";
import { plainMessage } from "./sarif/text.ts";

export const createSarifReporter: CreateReporter = (options) => ({
  file: () => "",
  end: (run) => `${jsonText(sarifLog(run, options), 2)}\n`,
});

function sarifLog(run: RunReport, { cwd }: ReporterOptions): object {
  const found = run.files.flatMap(({ diagnostics, suppressed = [] }) => [
    ...diagnostics,
    ...suppressed.map(({ diagnostic }) => diagnostic),
  ]);
  const rules = describeRules(found.map(({ rule }) => rule));
  const locator = createLocator(cwd);
  const fingerprinter = createFingerprinter();
  // Where one result says that it is suppressed, all say whether they are (section 3.27.23).
  const withSuppressions = run.files.some(({ suppressed }) => suppressed?.length);
  return {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: { name: "connectorc", version, semanticVersion: version, rules: rules.descriptors },
        },
        automationDetails: { id: "connector-validate/" },
        columnKind: "utf16CodeUnits",
        originalUriBaseIds: { [locator.base]: { uri: fileUri(cwd, "folder") } },
        // `FILE#one FILE#two` judges one file twice.
        artifacts: distinct(run.files.map(({ name }) => locator.artifact(name))).map((location) => ({
          location,
          roles: ["analysisTarget"],
        })),
        invocations: [invocation(run, cwd)],
        results: run.files.flatMap((file) =>
          fileResults(file, { rules, locator, fingerprinter, withSuppressions }),
        ),
      },
    ],
  };
}

/** How the run went: what could not be read is a notification, not a result. */
function invocation({ problems, exitCode }: RunReport, cwd: string): object {
  return {
    executionSuccessful: problems.length === 0,
    ...(exitCode === undefined ? {} : { exitCode }),
    workingDirectory: { uri: fileUri(cwd, "folder") },
    ...(problems.length === 0
      ? {}
      : {
          toolExecutionNotifications: problems.map((problem) => ({
            level: "error",
            message: { text: plainMessage(problem) },
          })),
        }),
  };
}

function distinct(locations: readonly object[]): readonly object[] {
  return [...new Map(locations.map((location) => [JSON.stringify(location), location])).values()];
}
