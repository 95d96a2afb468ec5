/** JUnit's XML, as CI systems read it: a suite a file, a case a finding, or one case where there is none. */
import type { Diagnostic, Severity } from "../../schema/diagnostic.ts";
import type { CreateReporter, FileReport, RunReport } from "./reporter.ts";
import { attributes, escapeXml } from "./xml.ts";

/**
 * A finding that fails the run is a failure, any other a skipped test: it shows, and is not red. What could not be
 * read is an error.
 */
export const createJunitReporter: CreateReporter = () => ({
  file: () => "",
  end: (run) => {
    const suites = run.files.map((file) => fileSuite(file, run.failSeverityOf?.(file.name) ?? "error"));
    if (run.problems.length > 0) suites.push(problemSuite(run.problems));
    return document(suites);
  },
});

interface Suite {
  readonly name: string;
  readonly cases: readonly Case[];
}

interface Case {
  readonly name: string;
  readonly className: string;
  readonly line?: number;
  readonly outcome?: {
    readonly kind: "failure" | "skipped" | "error";
    readonly type?: string;
    readonly message: string;
    readonly text?: string;
  };
}

function fileSuite({ name, diagnostics }: FileReport, failing: Severity | "none"): Suite {
  const cases = diagnostics.map((diagnostic) => findingCase(diagnostic, name, failing));
  return { name, cases: cases.length > 0 ? cases : [{ name: "no findings", className: name }] };
}

const order: readonly Severity[] = ["error", "warning", "info"];

function findingCase(diagnostic: Diagnostic, file: string, failing: Severity | "none"): Case {
  const { rule, severity, message, help, range } = diagnostic;
  const place = `${range.start.line}:${range.start.column}`;
  const fails = failing !== "none" && order.indexOf(severity) <= order.indexOf(failing);
  return {
    name: `${rule} at ${place}`,
    className: file,
    line: range.start.line,
    outcome: fails
      ? {
          kind: "failure",
          type: rule,
          message,
          text: [`${severity}: ${message} [${rule}]`, `${file}:${place}`, ...(help ? [help] : [])].join("\n"),
        }
      : { kind: "skipped", message: `${severity}: ${message}` },
  };
}

function problemSuite(problems: RunReport["problems"]): Suite {
  return {
    name: "connector validate",
    cases: problems.map((message) => ({
      name: "could not be read",
      className: "connector validate",
      outcome: { kind: "error", type: "problem", message, text: message },
    })),
  };
}

function document(suites: readonly Suite[]): string {
  const all = suites.flatMap(({ cases }) => cases);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: "connector validate", ...totals(all) })}>`,
    ...suites.flatMap(({ name, cases }) => [
      `  <testsuite${attributes({ name, ...totals(cases) })}>`,
      ...cases.flatMap(caseLines),
      "  </testsuite>",
    ]),
    "</testsuites>\n",
  ].join("\n");
}

function totals(cases: readonly Case[]): Readonly<Record<string, number>> {
  const count = (kind: string): number => cases.filter(({ outcome }) => outcome?.kind === kind).length;
  return {
    tests: cases.length,
    failures: count("failure"),
    errors: count("error"),
    skipped: count("skipped"),
    time: 0,
  };
}

function caseLines({ name, className, line, outcome }: Case): string[] {
  const opening = `    <testcase${attributes({ name, classname: className, file: className, line, time: 0 })}`;
  if (!outcome) return [`${opening}/>`];
  const { kind, type, message, text } = outcome;
  const element = `      <${kind}${attributes({ message, type })}`;
  return [
    `${opening}>`,
    text === undefined ? `${element}/>` : `${element}>${escapeXml(text)}</${kind}>`,
    "    </testcase>",
  ];
}
