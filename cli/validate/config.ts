/** Which configuration file rules over a descriptor: the nearest one above it, up to the root of its repository. */
import { existsSync } from "node:fs";
import { dirname, extname, join, relative, resolve, sep } from "node:path";
import type { Config } from "../../compiler/config/read-config.ts";
import { fileReason, readBytes } from "../../compiler/disk-host.ts";
import { CommandFailure } from "../failure.ts";
import { matchesGlob } from "../find/glob.ts";
import { prettyReport } from "../report/pretty.ts";
import { type World, wantsColor } from "../world.ts";

/** The names of a configuration file; a folder has at most one of them. */
export const configNames: readonly string[] = ["yaml", "yml", "json"].map(
  (ending) => `connector.config.${ending}`,
);

/** A configuration that was read, and the folder that its paths and globs count from. */
export interface LoadedConfig {
  readonly path: string;
  readonly folder: string;
  readonly config: Config;
}

/** Finds and reads configurations, each once. */
export interface Configs {
  /** The one for files of a folder; what is wrong with it is shown, and ends the command. */
  of(folder: string): Promise<LoadedConfig | undefined>;
  /** The files that were read so far, and those that would have been, had they been there. */
  candidates(): readonly string[];
}

/** `given` is what `--config` names, `false` after `--no-config`. */
export function createConfigs(given: string | false | undefined, world: World): Configs {
  const paths = new Set<string>();
  const found = new Map<string, string | undefined>();
  const loaded = new Map<string, Promise<LoadedConfig>>();
  const load = (path: string): Promise<LoadedConfig> => {
    paths.add(path);
    const reading = loaded.get(path) ?? loadConfig(path, world);
    loaded.set(path, reading);
    return reading;
  };
  return {
    candidates: () => [
      ...paths,
      ...[...found.keys()].flatMap((folder) => configNames.map((name) => join(folder, name))),
    ],
    async of(folder) {
      if (given === false) return undefined;
      const path = given === undefined ? findAbove(folder, found) : resolve(world.cwd, given);
      return path === undefined ? undefined : load(path);
    },
  };
}

function findAbove(folder: string, found: Map<string, string | undefined>): string | undefined {
  if (found.has(folder)) return found.get(folder);
  const above = dirname(folder);
  // Known before it is looked for: what fails is looked at too.
  found.set(folder, undefined);
  const path =
    findIn(folder) ??
    (above === folder || existsSync(join(folder, ".git")) ? undefined : findAbove(above, found));
  found.set(folder, path);
  return path;
}

function findIn(folder: string): string | undefined {
  const [path, other] = configNames.map((name) => join(folder, name)).filter((one) => existsSync(one));
  if (path !== undefined && other !== undefined)
    throw new CommandFailure(`${path} and ${other} stand in one folder; keep one of them`);
  return path;
}

async function loadConfig(path: string, world: World): Promise<LoadedConfig> {
  const name = relative(world.cwd, path).split(sep).join("/");
  let bytes: Uint8Array;
  try {
    bytes = readBytes(path);
  } catch (error) {
    throw new CommandFailure(
      `cannot open the configuration ${name}: ${fileReason(error)}; check the path, or write --no-config`,
    );
  }
  const format = extname(path).toLowerCase() === ".json" ? "json" : "yaml";
  const { readConfig } = await import("../../compiler/config/read-config.ts");
  const { config, diagnostics, text } = readConfig(bytes, { file: name, format });
  if (config) return { path, folder: dirname(path), config };
  await world.stderr.write(prettyReport(diagnostics, text, wantsColor(world.stderr, world.env)));
  throw new CommandFailure(`the configuration ${name} is not valid; mend what is shown above`);
}

/** Whether one of the globs of a configuration names a file. */
export function isNamed(path: string, globs: readonly string[], { folder }: LoadedConfig): boolean {
  const way = relative(folder, path).split(sep).join("/");
  return globs.some((glob) => matchesGlob(glob, way));
}
