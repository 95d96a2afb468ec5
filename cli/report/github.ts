/** Workflow commands of GitHub Actions: an annotation for each finding. */
import { escapeText } from "../../compiler/escape.ts";
import type { Diagnostic, Severity } from "../../schema/diagnostic.ts";
import { nameInCheckout } from "./place.ts";
import type { CreateReporter } from "./reporter.ts";
import { gravestFirst } from "./summary.ts";

const commands: { readonly [S in Severity]: string } = { error: "error", warning: "warning", info: "notice" };

/**
 * GitHub shows the first ten annotations of each level of a step, and drops the rest: those of problems and errors
 * come first. All findings are in the job summary (`job-summary.ts`).
 */
export const createGithubReporter: CreateReporter = ({ cwd, checkout }) => ({
  file: () => "",
  end: ({ files, problems }) =>
    [
      ...problems.map((problem) => command("error", { title: "connector validate" }, problem)),
      ...gravestFirst(files).map(({ file, diagnostic }) =>
        annotation(diagnostic, nameInCheckout(file.name, cwd, checkout)),
      ),
    ].join(""),
});

function annotation({ severity, rule, message, help, range }: Diagnostic, file: string): string {
  const { start, end } = range;
  // The runner refuses columns of a range of several lines.
  const columns = start.line === end.line ? { col: start.column, endColumn: end.column } : {};
  const properties = { file, line: start.line, endLine: end.line, ...columns, title: rule };
  return command(commands[severity], properties, help === undefined ? message : `${message}\n${help}`);
}

function command(
  name: string,
  properties: Readonly<Record<string, string | number>>,
  message: string,
): string {
  const given = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(String(value))}`);
  return `::${name} ${given.join(",")}::${escapeMessage(message)}\n`;
}

/** As `@actions/core` escapes them, once what a log would obey is out. */
function escapeMessage(text: string): string {
  return text
    .split("\n")
    .map((line) => escapeText(line).replaceAll("%", "%25"))
    .join("%0A");
}

function escapeProperty(text: string): string {
  return escapeText(text).replaceAll("%", "%25").replaceAll(":", "%3A").replaceAll(",", "%2C");
}
