import type { Severity } from "../../schema/diagnostic.ts";
import { findSources } from "../find/sources.ts";
import { reportProblems } from "../report/problems.ts";
import type { FileReport } from "../report/reporter.ts";
import { openSinks } from "../report/sinks.ts";
import { openBaselines } from "../validate/baselines.ts";
import { checkFiles } from "../validate/check-files.ts";
import { createConfigs } from "../validate/config.ts";
import { judgePaths, resolveSettings, type ValidateFlags, withoutIgnored } from "../validate/settings.ts";
import { verdict } from "../validate/verdict.ts";
import type { ExitCode, World } from "../world.ts";

export { failureReport } from "../report/failure-report.ts";

/** What a thread of the packaged program calls; see `cli/worker.ts`. */
export async function serveAsWorker(): Promise<void> {
  const worker = await import("../validate/pool-worker.ts");
  worker.serveAsWorker();
}

/** `connector validate`: every finding of every source, in every format that was asked for. */
export async function validateCommand(
  paths: readonly string[],
  flags: ValidateFlags,
  world: World,
): Promise<ExitCode> {
  const wanted = judgePaths(paths, flags);
  if (flags.fix || flags.dryRun) {
    const { createFixer } = await import("../validate/fix.ts");
    const fixer = createFixer(wanted, flags, world);
    const code = await runOnce(wanted, flags, fixer.world, fixer.check);
    await fixer.end();
    return code;
  }
  if (!flags.watch) return runOnce(wanted, flags, world, checkFiles);
  const { watch } = await import("../validate/watch.ts");
  return watch((check, configs) => runOnce(wanted, flags, world, check, configs), wanted, flags, world);
}

/** One run from paths to exit code; `check` is what reads and judges the files. */
async function runOnce(
  paths: readonly string[],
  flags: ValidateFlags,
  world: World,
  check: typeof checkFiles,
  configs = createConfigs(flags.config, world),
): Promise<ExitCode> {
  const found = await withoutIgnored(findSources(paths, world, flags.stdinFilepath), configs);
  const settings = await resolveSettings(flags, found.sources, configs, world);
  const baselines = await openBaselines(flags, found.sources, settings, world);
  const sinks = await openSinks(flags.format, found.sources, world);
  const problems = [...found.problems];
  const files: FileReport[] = [];
  for await (const checked of check(found.sources, settings, world)) {
    if ("problem" in checked) {
      problems.push(checked.problem);
      continue;
    }
    const report = baselines.hide(checked);
    files.push(report);
    await sinks.file(report);
  }
  problems.push(...(await baselines.end()));
  const { code, because } = verdict({ files, problems }, settings);
  const failSeverityOf = (name: string): Severity | "none" => settings.boundsOf(name).failSeverity;
  const unwritten = await sinks.end({ files, problems, exitCode: code, failSeverityOf });
  await reportProblems([...problems, ...unwritten, ...(because ? [because] : [])], world);
  return unwritten.length > 0 ? 2 : code;
}
