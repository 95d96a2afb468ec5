/** `build --watch`: a build, and another whenever a file that it read has changed, until an interrupt. */
import { dirname } from "node:path";
import { findSources } from "../find/sources.ts";
import { reportProblems } from "../report/problems.ts";
import { settle } from "../validate/settle.ts";
import { foldersOf, watchFolders } from "../validate/watch-folders.ts";
import { createMemory } from "../validate/watch-memory.ts";
import type { ExitCode, World } from "../world.ts";

/** `build` answers a summary line and the files that it depended on. */
export async function watchBuild(
  build: () => Promise<{ readonly summary: string; readonly reads: readonly string[] }>,
  paths: readonly string[],
  world: World,
): Promise<ExitCode> {
  const memory = createMemory();
  const folders = watchFolders(world.interrupted);
  const sources = (): readonly string[] =>
    findSources(paths, world).sources.flatMap(({ path }) => path ?? []);
  try {
    while (!world.interrupted.aborted) {
      memory.begin(sources());
      const { summary, reads } = await build();
      memory.depend(reads);
      folders.watch([
        ...foldersOf(paths, world.cwd),
        ...memory.folders(),
        ...reads.map((path) => dirname(path)),
      ]);
      await reportProblems([`${summary}; watching, Ctrl-C ends`], world);
      do {
        // What changed during the build is known already, and may still be half written.
        if (!memory.isStale(sources())) await folders.change();
        await settle(() => memory.look(sources()), folders.pause);
      } while (!world.interrupted.aborted && !memory.isStale(sources()));
    }
    return 130;
  } finally {
    folders.close();
  }
}
