import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileReason } from "../../compiler/disk-host.ts";
import type { OutputFile } from "../../compiler/emit/output.ts";
import type { CompiledConnector } from "../../compiler/index.ts";
import type { Diagnostic } from "../../schema/diagnostic.ts";
import { list } from "../../schema/language/spelling.ts";
import { compileSource } from "../compile-source.ts";
import { CommandFailure } from "../failure.ts";
import { findSources } from "../find/sources.ts";
import { prettyReport } from "../report/pretty.ts";
import { reportProblems } from "../report/problems.ts";
import { createConfigs } from "../validate/config.ts";
import { configuredPolicy } from "../validate/settings.ts";
import { type ExitCode, type World, wantsColor } from "../world.ts";

/** `connector build`: writes `DIR/<slug>/…` for every connector, or nothing where any descriptor has errors. */
export async function buildCommand(
  paths: readonly string[],
  options: { readonly out: string; readonly target: "ts" | "ir" },
  world: World,
): Promise<ExitCode> {
  const connectors = new Map<string, CompiledConnector>();
  const { sources, problems } = findSources(paths, world);
  const configs = createConfigs(undefined, world);
  const unread = [...problems];
  let broken = false;
  for (const source of sources) {
    const compiled = await compileSource(source, world, await configuredPolicy(source, configs, world));
    if ("problem" in compiled) {
      unread.push(compiled.problem);
      continue;
    }
    await world.stderr.write(
      prettyReport(compiled.diagnostics, compiled.text, wantsColor(world.stderr, world.env)),
    );
    broken ||= hasErrors(compiled.diagnostics);
    for (const connector of compiled.connectors) {
      if (connectors.has(connector.slug))
        throw new CommandFailure(
          `two of the descriptors have the slug ${connector.slug}, and would be written to one folder; rename one or build them apart`,
        );
      connectors.set(connector.slug, connector);
    }
  }
  await reportProblems(unread, world);
  if (unread.length > 0) return 2;
  if (broken) return 1;
  const { targets } = await import("../../compiler/emit/targets.ts");
  const emit = targets[options.target];
  if (!emit)
    throw new CommandFailure(`there is no target ${options.target}; take ${list(Object.keys(targets))}`);
  for (const { ir } of connectors.values()) {
    for (const file of await emit(ir))
      await world.stdout.write(`${await writeOutput(file, options.out, world)}\n`);
  }
  return 0;
}

function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(({ severity }) => severity === "error");
}

/** Writes beside the target and renames, so that a reader never meets half a file; answers the path as shown. */
async function writeOutput(file: OutputFile, out: string, world: World): Promise<string> {
  const target = resolve(world.cwd, out, file.path);
  const shown = relative(world.cwd, target).split(sep).join("/");
  const draft = join(dirname(target), `.${process.pid}.draft`);
  try {
    await mkdir(dirname(target), { recursive: true });
    await writeFile(draft, file.text);
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => {});
    throw new CommandFailure(`cannot write ${shown}: ${fileReason(error)}; check --out and its permissions`);
  }
  return shown;
}
