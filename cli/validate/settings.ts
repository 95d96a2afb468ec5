/** What a run of `connector validate` is to do: its flags and the configuration of each file, judged. */
import { dirname, resolve } from "node:path";
import type { Preset } from "../../compiler/catalog.ts";
import type { Config } from "../../compiler/config/read-config.ts";
import type { RuleLevels } from "../../compiler/config/rule-levels.ts";
import type { Policy } from "../../compiler/policy.ts";
import type { Severity } from "../../schema/diagnostic.ts";
import { CommandFailure } from "../failure.ts";
import type { Found, Source } from "../find/sources.ts";
import type { World } from "../world.ts";
import { type Configs, isNamed, type LoadedConfig } from "./config.ts";
import { readRuleFlags } from "./rule-flags.ts";

/** As the command line gives them. */
export interface ValidateFlags {
  readonly format: readonly string[];
  readonly failSeverity?: Severity | "none";
  readonly maxWarnings?: number;
  readonly preset?: Preset;
  readonly rule: readonly string[];
  readonly next?: boolean;
  readonly config?: string | false;
  readonly baseline?: string;
  readonly updateBaseline?: boolean;
  readonly stdinFilepath?: string;
  readonly watch?: boolean;
  readonly fix?: boolean;
  readonly dryRun?: boolean;
}

export interface Settings {
  /** The policy for a file, by its name as sources have it. Plain data. */
  policyOf(name: string): Policy;
  /** What fails the run because of a file. */
  boundsOf(name: string): Bounds;
  /** Absolute path of the baseline that a file is held against. */
  baselineOf(name: string): string | undefined;
}

export interface Bounds {
  /** The least severity that fails the run. */
  readonly failSeverity: Severity | "none";
  /** Files of one budget are counted together: those of one configuration, or all by a flag. */
  readonly warnings: WarningBudget;
}

export interface WarningBudget {
  /** Warnings above which the run fails. */
  readonly most: number;
}

/** Judges flags and configurations; what is wrong with either ends the command. */
export async function resolveSettings(
  flags: ValidateFlags,
  sources: readonly Source[],
  configs: Configs,
  world: World,
): Promise<Settings> {
  const rules = readRuleFlags(flags.rule);
  const files = new Map<string, FileSettings>();
  const budget = flags.maxWarnings === undefined ? undefined : { most: flags.maxWarnings };
  const shared = new Map<LoadedConfig | undefined, Pick<FileSettings, "bounds" | "baseline">>();
  for (const source of sources) {
    const config = await configs.of(folderOf(source, world));
    const common = shared.get(config) ?? {
      bounds: boundsBy(flags, config?.config, budget),
      baseline: baselineBy(flags, config, world),
    };
    shared.set(config, common);
    files.set(source.name, { ...common, policy: policyBy(flags, rules, config, source) });
  }
  const of = (name: string): FileSettings => {
    const found = files.get(name);
    if (!found) throw new Error(`no settings were resolved for ${name}`);
    return found;
  };
  return {
    policyOf: (name) => of(name).policy,
    boundsOf: (name) => of(name).bounds,
    baselineOf: (name) => of(name).baseline,
  };
}

/** The policy of a source by its configuration alone: what commands other than `validate` compile by. */
export async function configuredPolicy(source: Source, configs: Configs, world: World): Promise<Policy> {
  return policyBy({}, {}, await configs.of(folderOf(source, world)), source);
}

interface FileSettings {
  readonly policy: Policy;
  readonly bounds: Bounds;
  readonly baseline: string | undefined;
}

/** The folder above which a source's configuration is looked for. */
export function folderOf(source: Source, world: World): string {
  return source.path === undefined ? world.cwd : dirname(source.path);
}

/** What the search of folders found, less the files that their configuration leaves out. */
export async function withoutIgnored({ sources, problems }: Found, configs: Configs): Promise<Found> {
  const kept: Source[] = [];
  for (const source of sources) if (!(await isIgnored(source, configs))) kept.push(source);
  if (kept.length > 0 || sources.length === 0) return { sources: kept, problems };
  const none =
    "every descriptor that was found is left out by `ignore` in the configuration; name a file to validate it";
  return { sources: kept, problems: [...problems, none] };
}

async function isIgnored({ path, searched }: Source, configs: Configs): Promise<boolean> {
  if (!searched || path === undefined) return false;
  const config = await configs.of(dirname(path));
  return config !== undefined && isNamed(path, config.config.ignore ?? [], config);
}

/** Flags win over overrides, the later ones over the earlier, and these over the rest of the configuration. */
function policyBy(
  flags: Pick<ValidateFlags, "preset" | "next">,
  rules: RuleLevels,
  loaded: LoadedConfig | undefined,
  { path }: Source,
): Policy {
  const config = loaded?.config ?? {};
  const overrides = (config.overrides ?? []).filter(
    ({ files }) => loaded && path !== undefined && isNamed(path, files, loaded),
  );
  const preset = flags.preset ?? overrides.findLast((one) => one.preset)?.preset ?? config.preset;
  return {
    ...(preset === undefined ? {} : { preset }),
    rules: Object.assign({}, config.rules, ...overrides.map((one) => one.rules), rules),
    next: flags.next ?? config.next ?? false,
  };
}

function boundsBy(
  flags: ValidateFlags,
  config: Config | undefined,
  budget: WarningBudget | undefined,
): Bounds {
  return {
    failSeverity: flags.failSeverity ?? config?.fail_severity ?? "error",
    warnings: budget ?? { most: config?.max_warnings ?? Number.POSITIVE_INFINITY },
  };
}

function baselineBy(
  flags: ValidateFlags,
  loaded: LoadedConfig | undefined,
  world: World,
): string | undefined {
  if (flags.baseline !== undefined) return resolve(world.cwd, flags.baseline);
  const given = loaded?.config.baseline;
  return loaded && given !== undefined ? resolve(loaded.folder, given) : undefined;
}

/** The paths to validate; a flag that does not go with them, or with another, ends the command. */
export function judgePaths(paths: readonly string[], flags: ValidateFlags): readonly string[] {
  const standsFor = flags.stdinFilepath !== undefined;
  const wanted = standsFor && paths.length === 0 ? ["-"] : paths;
  const takesStdin = wanted.some((path) => path === "-" || path.startsWith("-#"));
  if (flags.stdinFilepath === "") throw new CommandFailure("--stdin-filepath names no file");
  if (standsFor && !takesStdin)
    throw new CommandFailure("--stdin-filepath says what standard input stands for; name - as a path too");
  if (flags.watch && takesStdin)
    throw new CommandFailure("--watch has nothing to watch on standard input; name files or folders");
  if (flags.watch && (flags.fix || flags.dryRun))
    throw new CommandFailure("--fix mends once; run it without --watch");
  if (flags.watch && flags.updateBaseline)
    throw new CommandFailure("--update-baseline writes once; run it without --watch");
  if (flags.baseline === "") throw new CommandFailure("--baseline names no file");
  return wanted;
}
