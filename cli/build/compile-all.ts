/** All descriptors of a command line, compiled for `build`. */
import type { CompiledConnector } from "../../compiler/index.ts";
import { compileSource } from "../compile-source.ts";
import { findSources } from "../find/sources.ts";
import { prettyReport } from "../report/pretty.ts";
import { reportProblems } from "../report/problems.ts";
import { createConfigs } from "../validate/config.ts";
import { configuredPolicy } from "../validate/settings.ts";
import { type World, wantsColor } from "../world.ts";

export interface CompiledAll {
  /** Undefined where a descriptor has errors, or could not be read: then nothing is built. */
  readonly connectors: readonly CompiledConnector[] | undefined;
  /** 0: all compiled; 1: errors in a descriptor; 2: unreadable, or two of one slug. */
  readonly code: 0 | 1 | 2;
  /** Absolute paths of all files that were read or looked for. */
  readonly reads: readonly string[];
}

/** Compiles; findings and problems go to standard error. */
export async function compileAll(paths: readonly string[], world: World): Promise<CompiledAll> {
  const connectors = new Map<string, CompiledConnector>();
  const { sources, problems } = findSources(paths, world);
  const configs = createConfigs(undefined, world);
  const unread = [...problems];
  const reads: string[] = [];
  let broken = false;
  for (const source of sources) {
    if (source.path !== undefined) reads.push(source.path);
    const compiled = await compileSource(source, world, await configuredPolicy(source, configs, world));
    if ("problem" in compiled) {
      unread.push(compiled.problem);
      continue;
    }
    reads.push(...compiled.reads);
    await world.stderr.write(
      prettyReport(compiled.diagnostics, compiled.text, wantsColor(world.stderr, world.env)),
    );
    broken ||= compiled.diagnostics.some(({ severity }) => severity === "error");
    for (const connector of compiled.connectors) {
      if (connectors.has(connector.slug))
        unread.push(
          `two of the descriptors have the slug ${connector.slug}, and would be written to one folder; rename one or build them apart`,
        );
      connectors.set(connector.slug, connector);
    }
  }
  await reportProblems(unread, world);
  reads.push(...configs.candidates());
  const code = unread.length > 0 ? 2 : broken ? 1 : 0;
  return { connectors: code === 0 ? [...connectors.values()] : undefined, code, reads };
}
