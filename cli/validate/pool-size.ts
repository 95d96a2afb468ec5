/** How many threads a run is worth. */
import { statSync } from "node:fs";
import type { Source } from "../find/sources.ts";
import type { Workers, World } from "../world.ts";

/** Below so many files nothing else is asked for: a start must cost nothing. */
const fewFiles = 8;

/** A worker pays when it has so many bytes of descriptors to itself; docs/decisions.md says why. */
const bytesPerWorker = 256 * 1024;

/** The workers for these sources; none where this thread had better do it all. */
export function workersFor(sources: readonly Source[], world: Pick<World, "workers">): Workers | undefined {
  if (sources.length < fewFiles) return undefined;
  const { workers } = world;
  if (!workers) return undefined;
  const most = Math.min(
    workers.most,
    Math.floor(sizeOf(sources, workers.most * bytesPerWorker) / bytesPerWorker),
  );
  return most < 2 ? undefined : { ...workers, most };
}

/** Bytes of the files, counted up to what is enough. What cannot be opened counts nothing. */
function sizeOf(sources: readonly Source[], enough: number): number {
  let bytes = 0;
  for (const { path } of sources) {
    if (bytes >= enough) break;
    if (path !== undefined) bytes += statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  }
  return bytes;
}
