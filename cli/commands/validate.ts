import type { Diagnostic } from "../../schema/diagnostic.ts";
import { compileSource } from "../compile-source.ts";
import { findSources } from "../find/sources.ts";
import { jsonReport } from "../report/json.ts";
import { prettyReport } from "../report/pretty.ts";
import { reportProblems } from "../report/problems.ts";
import { createStyle } from "../report/style.ts";
import { summaryLine } from "../report/summary.ts";
import { type ExitCode, type World, wantsColor } from "../world.ts";

/** `connector validate`: every finding of every source, on standard output. */
export async function validateCommand(
  paths: readonly string[],
  options: { readonly format: "pretty" | "json" },
  world: World,
): Promise<ExitCode> {
  const found = findSources(paths, world);
  const problems = [...found.problems];
  const diagnostics: Diagnostic[] = [];
  const color = options.format === "pretty" && wantsColor(world.stdout, world.env);
  let files = 0;
  for (const source of found.sources) {
    const compiled = await compileSource(source, world);
    if ("problem" in compiled) {
      problems.push(compiled.problem);
      continue;
    }
    files += 1;
    diagnostics.push(...compiled.diagnostics);
    if (options.format === "pretty")
      await world.stdout.write(prettyReport(compiled.diagnostics, compiled.text, color));
  }
  if (options.format === "json") await world.stdout.write(jsonReport(files, diagnostics));
  else if (files > 0) await world.stdout.write(`${summaryLine(files, diagnostics, createStyle(color))}\n`);
  await reportProblems(problems, world);
  if (problems.length > 0) return 2;
  return diagnostics.some(({ severity }) => severity === "error") ? 1 : 0;
}
