/** Findings as Markdown for comments on a change: lists, with every text of a descriptor in code. */
import type { Diagnostic } from "../../schema/diagnostic.ts";
import { codeBlock, codeSpan } from "./markdown-code.ts";
import type { CreateReporter, RunReport } from "./reporter.ts";
import { summaryLine } from "./summary.ts";

export const createMarkdownReporter: CreateReporter = () => ({
  file: () => "",
  end: (run) => [...markdownBlocks(run)].map(({ text }) => text).join(""),
});

/** A part of the report that stands by itself: cut between two of them, the rest still reads well. */
export interface MarkdownBlock {
  readonly text: string;
  /** Findings in it. */
  readonly findings: number;
}

export function* markdownBlocks({ files, problems }: RunReport): Iterable<MarkdownBlock> {
  yield { text: `**connector validate**: ${summaryLine(files)}\n`, findings: 0 };
  for (const problem of problems) yield { text: `\n- **not read**: ${codeSpan(problem)}\n`, findings: 0 };
  for (const { name, diagnostics } of files) {
    let title = `\n**${codeSpan(name)}**\n\n`;
    for (const diagnostic of diagnostics) {
      yield { text: title + item(diagnostic), findings: 1 };
      title = "";
    }
  }
}

function item({ severity, range, rule, message, help }: Diagnostic): string {
  const place = `${range.start.line}:${range.start.column}`;
  const first = `- **${severity}** at ${place}, ${codeSpan(rule)}: ${codeSpan(message)}\n`;
  if (help === undefined) return first;
  return help.includes("\n")
    ? `${first}  - help:\n${codeBlock(help, "    ")}`
    : `${first}  - help: ${codeSpan(help)}\n`;
}
