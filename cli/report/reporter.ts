/** What a format makes of a run of `connector validate`. */
import type { Diagnostic, Severity, Suppressed } from "../../schema/diagnostic.ts";

/** One file with its findings, in source order; `text` is what their ranges refer to. */
export interface FileReport {
  readonly name: string;
  readonly text: string;
  readonly diagnostics: readonly Diagnostic[];
  /** Findings that an ignore comment or the baseline hides; not among `diagnostics`. */
  readonly suppressed?: readonly Suppressed[];
  /** Absolute paths of the schema files that were read for it. */
  readonly reads?: readonly string[];
}

/** A whole run, when all files are done. */
export interface RunReport {
  readonly files: readonly FileReport[];
  /** Sentences about what could not be read; they also go to standard error. */
  readonly problems: readonly string[];
  /** What the command will answer, where it is known yet. */
  readonly exitCode?: number;
  /** The least severity that fails the run, by the file's name; errors alone when left out. */
  readonly failSeverityOf?: (name: string) => Severity | "none";
}

/** One per sink and run. Texts are written in the order in which they come. */
export interface Reporter {
  /** What is written once a file is done; formats of one document say nothing before the end. */
  file(report: FileReport): string;
  end(run: RunReport): string;
}

export interface ReporterOptions {
  /** Whether the sink takes colours: a terminal, or a stream where they were asked for. */
  readonly color: boolean;
  /** Cells of a line, where the sink is a terminal. */
  readonly columns?: number;
  /** Absolute path of the folder that names of files count from. */
  readonly cwd: string;
  /** Absolute path of the checkout, by which CI systems name files. */
  readonly checkout?: string;
}

export type CreateReporter = (options: ReporterOptions) => Reporter;
