/** The configuration and baseline that rule over a document, as in `connector validate`, found within the workspace. */
import { existsSync, realpathSync } from "node:fs";
import { dirname, extname, join, relative, sep } from "node:path";
import { readConfig } from "../../compiler/config/read-config.ts";
import { readBytes } from "../../compiler/disk-host.ts";
import type { Policy } from "../../compiler/policy.ts";
import type { Diagnostic } from "../../schema/diagnostic.ts";
import { CommandFailure } from "../failure.ts";
import type { Source } from "../find/sources.ts";
import { openBaselines } from "../validate/baselines.ts";
import { type Configs, configNames, type LoadedConfig } from "../validate/config.ts";
import { resolveSettings, type ValidateFlags } from "../validate/settings.ts";
import type { World } from "../world.ts";
import type { OpenText, Place } from "./workspace.ts";

/** How a document is to be judged. */
export interface Configuration {
  readonly policy: Policy;
  /** Takes out what the baseline lists. */
  hide(text: string, diagnostics: readonly Diagnostic[]): readonly Diagnostic[];
  /** What is wrong with the configuration itself, in a sentence; the rules are then the recommended ones. */
  readonly problem?: string;
}

const flags: ValidateFlags = { format: [], rule: [] };

/** Read anew each time: a configuration is small, and may have changed. */
export async function configurationOf(
  place: Place | undefined,
  openText: OpenText,
  world: World,
): Promise<Configuration> {
  const plain: Configuration = { policy: {}, hide: (_, diagnostics) => diagnostics };
  if (!place) return plain;
  const source: Source = { name: relative(place.root, place.path).split(sep).join("/"), path: place.path };
  const inside: World = { ...quiet(world), cwd: place.root };
  try {
    const settings = await resolveSettings(flags, [source], nearest(place, openText), inside);
    const baseline = settings.baselineOf(source.name);
    const policy = settings.policyOf(source.name);
    if (baseline === undefined || !isInside(place.root, baseline)) return { ...plain, policy };
    const baselines = await openBaselines(flags, [source], settings, inside);
    return {
      policy,
      hide: (text, diagnostics) => baselines.hide({ name: source.name, text, diagnostics }).diagnostics,
    };
  } catch (error) {
    if (!CommandFailure.is(error)) throw error;
    return { ...plain, problem: error.message };
  }
}

/** The nearest configuration above a document, no higher than the opened folder. */
function nearest({ folder, root }: Place, openText: OpenText): Configs {
  return {
    candidates: () => [],
    of: async () => {
      for (let at = folder; ; at = dirname(at)) {
        const path = configNames.map((name) => join(at, name)).find((one) => existsSync(one));
        if (path !== undefined) return load(path, root, openText);
        if (at === root || at === dirname(at) || existsSync(join(at, ".git"))) return undefined;
      }
    },
  };
}

function load(path: string, root: string, openText: OpenText): LoadedConfig | undefined {
  if (!isInside(root, path)) return undefined;
  const file = relative(root, path).split(sep).join("/");
  const input = openText(path) ?? readBytes(path);
  const { config, diagnostics } = readConfig(input, {
    file,
    format: extname(path) === ".json" ? "json" : "yaml",
  });
  if (config) return { path, folder: dirname(path), config };
  throw new CommandFailure(`${file} is not valid: ${diagnostics[0]?.message ?? "open it to see why"}`);
}

/** A link may lead out of the opened folder: then what it names is not read. */
function isInside(root: string, path: string): boolean {
  try {
    const way = relative(root, realpathSync(path));
    return way !== "" && way !== ".." && !way.startsWith(`..${sep}`);
  } catch {
    // A baseline that is not there is told as such by whoever opens it.
    return !relative(root, path).startsWith("..");
  }
}

/** Standard output belongs to the protocol. */
function quiet(world: World): World {
  const nowhere = { isTerminal: false, write: async () => {} };
  return { ...world, stdout: nowhere, stderr: nowhere };
}
