/** `--watch`: a run, and another whenever a file that it depends on has changed, until an interrupt. */
import { resolve } from "node:path";
import { CommandFailure } from "../failure.ts";
import { findSources } from "../find/sources.ts";
import { reportProblems } from "../report/problems.ts";
import { counted } from "../report/summary.ts";
import type { ExitCode, World } from "../world.ts";
import type { checkFiles } from "./check-files.ts";
import { type Configs, createConfigs } from "./config.ts";
import type { ValidateFlags } from "./settings.ts";
import { settle } from "./settle.ts";
import { foldersOf, watchFolders } from "./watch-folders.ts";
import { createMemory } from "./watch-memory.ts";

/** Clears the screen and goes to its beginning; what was scrolled away stays. */
const clear = "\x1b[2J\x1b[H";

/** Answers 130 at the interrupt, as shells expect, whatever the last run found. */
export async function watch(
  run: (check: typeof checkFiles, configs: Configs) => Promise<ExitCode>,
  paths: readonly string[],
  flags: ValidateFlags,
  world: World,
): Promise<ExitCode> {
  const memory = createMemory();
  const folders = watchFolders(world.interrupted);
  try {
    while (!world.interrupted.aborted) {
      const configs = createConfigs(flags.config, world);
      memory.begin(sourcesOf(paths, world));
      await runAnyway(() => run(memory.check, configs), world);
      memory.depend([...configs.candidates(), ...namedFiles(flags, world)]);
      folders.watch([...foldersOf(paths, world.cwd), ...memory.folders()]);
      await reportProblems([`watching ${counted(memory.sources().length, "file")}; Ctrl-C ends`], world);
      const isStale = (): boolean => memory.isStale(sourcesOf(paths, world));
      do {
        // What changed during the run is known already, and may still be half written.
        if (!isStale()) await folders.change();
        await settle(() => memory.look(sourcesOf(paths, world)), folders.pause);
      } while (!world.interrupted.aborted && !isStale());
      if (world.interrupted.aborted) break;
      if (world.stdout.isTerminal) await world.stdout.write(clear);
      await reportProblems(["a file has changed; validating again"], world);
    }
    return 130;
  } finally {
    folders.close();
  }
}

function sourcesOf(paths: readonly string[], world: World): readonly string[] {
  return findSources(paths, world).sources.flatMap(({ path }) => path ?? []);
}

/** What ends another command is told, and may be mended while we watch. */
async function runAnyway(run: () => Promise<unknown>, world: World): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!CommandFailure.is(error)) throw error;
    await reportProblems([error.message], world);
  }
}

/** Files of the command line that rule over all others; a failed run may not have come to them. */
function namedFiles({ config, baseline }: ValidateFlags, world: World): readonly string[] {
  return [config, baseline].flatMap((path) => (typeof path === "string" ? [resolve(world.cwd, path)] : []));
}
