/** Where the reports of a run go: standard output, or files named by `--format FORMAT=FILE`. */
import { suggestion } from "../did-you-mean.ts";
import { CommandFailure } from "../failure.ts";
import type { Source } from "../find/sources.ts";
import { type Output, type World, wantsColor } from "../world.ts";
import { type Format, formats } from "./formats.ts";
import type { FileReport, Reporter, ReporterOptions, RunReport } from "./reporter.ts";

/** Every format of a run, as one. */
export interface Sinks {
  file(report: FileReport): Promise<void>;
  /** Ends the reports, and answers a sentence for each that could not be written. */
  end(run: RunReport): Promise<readonly string[]>;
}

/**
 * Opens what `--format` asks for. A format that there is not, two on standard output or on one file, and a file that
 * cannot be a report or is one of the descriptors end the command before any is checked.
 */
export async function openSinks(
  wanted: readonly string[],
  sources: readonly Source[],
  world: World,
): Promise<Sinks> {
  const targets = (wanted.length === 0 ? ["pretty"] : wanted).map(parseTarget);
  if (targets.filter(({ path }) => path === undefined).length > 1)
    throw new CommandFailure("only one --format can go to standard output; write the others as FORMAT=FILE");
  const paths = targets.flatMap(({ path }) => path ?? []);
  // Files load when they are asked for, as formats do: the plain case needs neither.
  const files = paths.length === 0 ? undefined : await import("./sink-files.ts");
  files?.judgePaths(paths, sources, world.cwd);
  const sinks = await Promise.all(targets.map((target) => openSink(target, world, files)));
  // Standard output comes last: a document there is whole, and nothing follows it.
  const inOrder = sinks.sort((a, b) => Number(a.last) - Number(b.last));
  return {
    file: async (report) => {
      for (const sink of inOrder) await sink.write(sink.reporter.file(report));
    },
    end: async (run) => {
      const problems: string[] = [];
      for (const sink of inOrder) {
        await sink.write(sink.reporter.end(withProblems(run, problems)));
        problems.push(...(await sink.close(run)));
      }
      return problems;
    },
  };
}

/** The run as a later report has it, once an earlier one could not be written. */
function withProblems(run: RunReport, problems: readonly string[]): RunReport {
  return problems.length === 0 ? run : { ...run, problems: [...run.problems, ...problems], exitCode: 2 };
}

/** What reporters know of the world that they write to. */
export function reporterOptions(world: World, output: Output | undefined): ReporterOptions {
  const checkout = world.env.GITHUB_WORKSPACE ?? world.env.CI_PROJECT_DIR;
  const columns = output?.isTerminal ? output.columns : undefined;
  return {
    color: output !== undefined && wantsColor(output, world.env),
    cwd: world.cwd,
    ...(columns === undefined ? {} : { columns }),
    ...(checkout === undefined ? {} : { checkout }),
  };
}

interface Target {
  readonly name: string;
  readonly format: Format;
  /** As it was given; absent for standard output. */
  readonly path: string | undefined;
}

function parseTarget(wanted: string): Target {
  const equals = wanted.indexOf("=");
  const name = equals < 0 ? wanted : wanted.slice(0, equals);
  const path = equals < 0 ? undefined : wanted.slice(equals + 1);
  const format = formats.get(name);
  if (!format) throw new CommandFailure(`there is no format ${name}${suggestion(name, [...formats.keys()])}`);
  if (path === "") throw new CommandFailure(`--format ${wanted} names no file; write ${name}=FILE`);
  return { name, format, path };
}

interface Sink {
  readonly reporter: Reporter;
  readonly last: boolean;
  write(text: string): Promise<void>;
  close(run: RunReport): Promise<readonly string[]>;
}

async function openSink(
  { name, format, path }: Target,
  world: World,
  files: typeof import("./sink-files.ts") | undefined,
): Promise<Sink> {
  const create = await format.load();
  const reporter = create(reporterOptions(world, path === undefined ? world.stdout : undefined));
  const summarize = name === "github" ? (run: RunReport) => jobSummary(run, world) : () => Promise.resolve();
  if (path === undefined || files === undefined)
    return {
      reporter,
      last: true,
      write: (text) => (text === "" ? Promise.resolve() : world.stdout.write(text)),
      close: async (run) => {
        await summarize(run);
        return [];
      },
    };
  const texts: string[] = [];
  return {
    reporter,
    last: false,
    write: async (text) => {
      texts.push(text);
    },
    close: async (run) => {
      await summarize(run);
      return files.replaceFile(path, texts.join(""), world.cwd);
    },
  };
}

async function jobSummary(run: RunReport, world: World): Promise<void> {
  const { appendJobSummary } = await import("./job-summary.ts");
  await appendJobSummary(run, world);
}
